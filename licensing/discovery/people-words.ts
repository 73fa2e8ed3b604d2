import { counted } from "../counts";
import { KINDS, type PeopleKind } from "./people-kinds";

interface KindWords {
  readonly one: string;
  readonly many: string;
  /** Heading of the section in the findings. */
  readonly title: string;
  readonly todo: string;
}

export const KIND_WORDS: Readonly<Record<PeopleKind, KindWords>> = {
  guest: {
    one: "guest",
    many: "guests",
    title: "Which guests have licences?",
    todo: "Most guests need none: their own organisation licenses them. Remove what they do not need, or leave it direct. No group is proposed on their account.",
  },
  "shared-mailbox": {
    one: "shared mailbox",
    many: "shared mailboxes",
    title: "Which shared mailboxes have licences?",
    todo:
      "Sign-in is blocked, and all that is on is a mailbox. A shared mailbox up to 50 GB without an archive or litigation hold needs no licence " +
      "(https://learn.microsoft.com/microsoft-365/admin/email/about-shared-mailboxes): check that in Exchange, then remove it. Otherwise leave it direct. No group is proposed on their account.",
  },
  disabled: {
    one: "disabled account",
    many: "disabled accounts",
    title: "Which disabled accounts have licences?",
    todo: "Each takes a seat. Remove licences of people that have left, after their mailbox was kept or handed over; leave the others. No group is proposed on their account.",
  },
  "no-location": {
    one: "user without a usage location",
    many: "users without a usage location",
    title: "Which users have no usage location?",
    todo: "Set usageLocation (PATCH /users/{id}) before they are moved: without it nothing could give a licence back, and a wave leaves them. No group is proposed on their account.",
  },
};

/** `3 guests, 12 disabled accounts`; empty: none. */
export function formatKinds(kinds: Readonly<Partial<Record<PeopleKind, number>>>): string {
  return KINDS.flatMap((kind) => {
    const count = kinds[kind] ?? 0;
    return count === 0 ? [] : [counted(count, KIND_WORDS[kind].one, KIND_WORDS[kind].many)];
  }).join(", ");
}
