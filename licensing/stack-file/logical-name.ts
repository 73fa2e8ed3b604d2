/** Names of groups and waves in the stack file. Pulumi uses them as resource names, so they cannot change later. */
export const LOGICAL_NAME = /^[a-z][a-z0-9-]{0,39}$/;

export const LOGICAL_NAME_RULE =
  'must begin with a letter and hold only lower-case letters, digits and "-", 40 at most, such as "all-users"';
