import type { OwnBridge } from "../../licensing/decision/own-bridge";
import type { LeaveProof } from "../../licensing/decision/leave-proof";
import type { ReplacementProof } from "../../licensing/decision/replacement-proof";
import type { Guid, License } from "../../licensing/model";
import { TOKEN_FOR_A_UNIT_MS } from "../client/limits";
import { reserve } from "../pacing/admission";
import type { WriteReservation } from "../pacing/write-reservation";
import { FreshReads } from "../reads/fresh-reads";
import { distinct } from "../reads/reads-by-id";
import { endpointsOf } from "../signin/clouds";
import { assignLicenseBody, changeDirectLicenses, type WriteOutcome } from "./direct-assignments";
import { addMembers, removeMembers, type JoinOutcome } from "./group-members";
import { reprocessLicenses } from "./reprocess-licenses";

/** Direct licences for one user. */
export interface DirectWork {
  readonly userId: Guid;
  readonly licenses: readonly License[];
  /** Direct licences that excluded these, and that this stack had added in their place. */
  readonly takeBack?: OwnBridge;
}

/** What a preview never holds: every write that this program sends to Graph. Only providers connect with it, to apply. */
export class LicenseWrites extends FreshReads {
  /**
   * Waits until the quota has room for writes to `users` users, reserves it, and renews a token that would expire
   * meanwhile. Call it before reading the proofs: proofs must not grow old in a wait. Always release the reservation.
   *
   * @param of the users to write to in all. If they exceed a burst, writes are spread evenly from the first one, so
   *   that a minute's work stays a minute's work. By default, `users`.
   * @throws {GraphError} `stopped` if the run must stop; `throttled` if Graph asks for too long a wait
   */
  async reserveWrites(users: number, of = users): Promise<WriteReservation> {
    const { transport } = this.http;
    const room = await reserve(users, of, transport);
    try {
      await transport.tokens.renewFor(TOKEN_FOR_A_UNIT_MS);
      return room;
    } catch (error) {
      room.release();
      throw error;
    }
  }

  /**
   * Removes direct assignments, all SKUs of a user in one write, which also adds what the proof counts on. Neither waits nor repeats, because a proof grows old:
   * a user that cannot be written to at once fails with `paced` or `throttled`. Never throws; each user has an outcome.
   *
   * @param room from `reserveWrites`, for at least as many users
   * @param isGood asked just before the bytes leave; once false, unsent writes fail with `outdated`
   */
  removeDirect(
    proofs: readonly ReplacementProof[],
    room?: WriteReservation,
    isGood?: () => boolean,
  ): Promise<Map<Guid, WriteOutcome>> {
    return changeDirectLicenses(
      this.http,
      proofs.map(({ userId, skuIds, add }) => ({ userId, add, removeSkuIds: skuIds })),
      "provenWrite",
      room,
      isGood,
    );
  }

  /**
   * Assigns licences to users directly, with exactly these disabled plans, and takes back in the same write what a swap
   * of this stack has added. Never throws; each user has an outcome.
   */
  assignDirect(work: readonly DirectWork[]): Promise<Map<Guid, WriteOutcome>> {
    return changeDirectLicenses(
      this.http,
      work.map(({ userId, licenses, takeBack }) => ({
        userId,
        add: licenses,
        removeSkuIds: takeBack === undefined ? [] : takeBack.skuIds,
      })),
      "write",
    );
  }

  /**
   * Changes a group's licences in place, on a proof by its members: neither waits nor repeats, like `removeDirect`. Graph
   * accepts the change and processes it in the background: watch `processingState`.
   */
  async assignGroupLicenses(groupId: Guid, add: readonly License[], removeSkuIds: readonly Guid[]): Promise<void> {
    await this.http.send({
      method: "POST",
      url: `/groups/${groupId}/assignLicense`,
      // check: a change of a group's licences is not sent again on its old proof
      kind: "provenWrite",
      body: assignLicenseBody(add, removeSkuIds),
      purpose: { operation: "assignToGroups", id: groupId },
    });
  }

  /** Adds users to a group; users that are members already count as added. Never throws; each user has an outcome. */
  addMembers(groupId: Guid, userIds: readonly Guid[]): Promise<Map<Guid, JoinOutcome>> {
    return addMembers(this.http, endpointsOf(this.connection.cloud).graph, groupId, distinct(userIds));
  }

  /**
   * Takes users out of a group, each on a proof. Neither waits nor repeats, like `removeDirect`; a user that is no
   * member fails with `notFound`. Never throws; each user has an outcome.
   */
  removeMembers(
    proofs: readonly LeaveProof[],
    room?: WriteReservation,
    isGood?: () => boolean,
  ): Promise<Map<Guid, WriteOutcome>> {
    return removeMembers(this.http, proofs, room, isGood);
  }

  /** Asks Entra to assign the inherited licences of users again. Never throws; each user has an outcome. */
  reprocess(userIds: Iterable<Guid>): Promise<Map<Guid, WriteOutcome>> {
    return reprocessLicenses(this.http, distinct(userIds));
  }
}
