/** What groups and waves are called in the stack file: names that Pulumi keeps for life. */
export const LOGICAL_NAME = /^[a-z][a-z0-9-]{0,39}$/;

export const LOGICAL_NAME_RULE =
  'must begin with a letter and hold only lower-case letters, digits and "-", 40 at most, such as "all-users"';
