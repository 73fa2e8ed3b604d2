import assert from "node:assert/strict";
import { Catalog } from "../../licensing/catalog/catalog";
import { productName, productNames } from "../../licensing/catalog/product-names";
import list from "../../licensing/catalog/published-list.json";
import { publishedPlan, publishedSku } from "../../licensing/catalog/published-names";
import { EMS, sku, skuId } from "./builders";

const YAMMER_MIDSIZE = "41bf139a-4e60-409f-9346-a1361efc6dfb";
const OFFICE_365_E3 = "6fd2c87f-b296-42f0-b197-1e91e994b900";

describe("Microsoft's list of products", () => {
  it("has an id and a name in every entry, and where it was read", () => {
    const guid = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;
    for (const part of [list.skus, list.plans]) {
      for (const [id, entry] of Object.entries(part)) {
        assert.match(id, guid);
        for (const each of [entry].flat()) assert.match(each, /^[^|\s][^|]*(\|[^|\s][^|]*)?$/, id);
      }
    }
    assert.match(list.source, /^https:\/\/learn\.microsoft\.com\//);
    assert.ok(Object.keys(list.skus).length > 600 && Object.keys(list.plans).length > 770);
  });

  it("has the SKUs and plans of every large tenant by their ids", () => {
    assert.deepEqual(publishedSku(OFFICE_365_E3), [{ name: "ENTERPRISEPACK", friendly: "Office 365 E3" }]);
    assert.deepEqual(publishedPlan("7547a3fe-08ee-4ccb-b430-5077c5041653"), [
      { name: "YAMMER_ENTERPRISE", friendly: "Yammer Enterprise" },
    ]);
  });
});

describe("the name of a product", () => {
  it("is that of its id, where two products share a part number", () => {
    const [small, minutes] = ["d43177b5-475b-4880-92d4-d54c27b5efbd", "54a152dc-90de-4996-93d2-bc47e670fc06"];
    const partNumber = "MCOPSTN5";
    assert.equal(productName({ id: small, partNumber }), "Skype for Business PSTN Calling Domestic Small");
    assert.equal(productName({ id: minutes, partNumber }), "Skype for Business PSTN Domestic Calling (120 Minutes)");
    assert.equal(productName({ id: skuId("other"), partNumber }), undefined);
  });

  it("is the one that the admin center shows today, and the list's own is found, too", () => {
    const copilot = sku("Microsoft_365_Copilot", [], { id: "639dec6b-bb19-468b-871c-c5c441c4b0cb" });
    assert.deepEqual(productNames(copilot), ["Microsoft 365 Copilot", "Copilot for Microsoft 365"]);
    const catalog = new Catalog([copilot]);
    for (const word of productNames(copilot)) assert.deepEqual(catalog.findSku(word), { found: copilot });
  });

  it("is refused with both ids where two SKUs of the tenant have it", () => {
    const visio = sku("VISIOCLIENT", ["VISIO"]);
    const department = sku("VISIO_PLAN2_DEPT", ["VISIO"]);
    const lookup = new Catalog([visio, department]).findSku("Visio Plan 2");
    assert.ok("problem" in lookup);
    assert.match(lookup.problem, new RegExp(`2 SKUs .* "Visio Plan 2".*${visio.id}.*${department.id}`));
  });
});

describe("an id that the tenant does not list", () => {
  const catalog = new Catalog([EMS]);

  it("is shown with the name of Microsoft's list, and alone where that has none", () => {
    assert.equal(catalog.skuName(OFFICE_365_E3), `ENTERPRISEPACK (${OFFICE_365_E3})`);
    assert.equal(catalog.planName(YAMMER_MIDSIZE), `YAMMER_MIDSIZE (${YAMMER_MIDSIZE})`);
    assert.equal(catalog.skuName(skuId("nobody's")), skuId("nobody's"));
  });

  it("has every name where the list contradicts itself", () => {
    const id = "922ba911-5694-4e99-a794-73aed9bfeec8";
    assert.equal(catalog.planName(id), `EXCHANGE_S_FOUNDATION_GOV or EXCHANGE_FOUNDATION_GOV (${id})`);
  });

  it("is named in a text of Graph", () => {
    assert.equal(
      catalog.withNames(`The service plan ${YAMMER_MIDSIZE.toUpperCase()} excludes ${OFFICE_365_E3}.`),
      `The service plan YAMMER_MIDSIZE (${YAMMER_MIDSIZE.toUpperCase()}) excludes ENTERPRISEPACK (${OFFICE_365_E3}).`,
    );
  });
});
