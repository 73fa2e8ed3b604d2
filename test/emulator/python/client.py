"""A client as Microsoft's documentation shows it; only the two hosts are others than usual.

It signs in, reads users with their licence states page by page, sends a batch, does what administrators do day by day, and removes a direct
licence.
Prints one JSON object.
"""

import asyncio
import json
import os
import uuid
from urllib.parse import urlparse

from azure.identity.aio import ClientSecretCredential
from kiota_abstractions.base_request_configuration import RequestConfiguration
from kiota_authentication_azure.azure_identity_authentication_provider import AzureIdentityAuthenticationProvider
from msgraph import GraphRequestAdapter, GraphServiceClient
from msgraph.generated.models.o_data_errors.o_data_error import ODataError
from msgraph.generated.models.user import User
from msgraph.generated.users.item.assign_license.assign_license_post_request_body import AssignLicensePostRequestBody
from msgraph.generated.users.item.check_member_groups.check_member_groups_post_request_body import (
    CheckMemberGroupsPostRequestBody,
)
from msgraph.generated.users.item.user_item_request_builder import UserItemRequestBuilder
from msgraph.generated.users.users_request_builder import UsersRequestBuilder
from msgraph_core.requests.batch_request_content import BatchRequestContent
from msgraph_core.requests.batch_request_item import BatchRequestItem

HOST = os.environ["GRAPH_HOST"]
SKU = uuid.UUID(os.environ["SKU_ID"])
USER = os.environ["USER_PRINCIPAL_NAME"]


def client_for(credential: ClientSecretCredential) -> GraphServiceClient:
    provider = AzureIdentityAuthenticationProvider(
        credential, scopes=["https://graph.microsoft.com/.default"], allowed_hosts=[urlparse(HOST).hostname]
    )
    adapter = GraphRequestAdapter(provider)
    adapter.base_url = f"{HOST}/v1.0"
    return GraphServiceClient(request_adapter=adapter)


async def read_users(client: GraphServiceClient) -> tuple[list, int]:
    parameters = UsersRequestBuilder.UsersRequestBuilderGetQueryParameters(
        select=["id", "userPrincipalName", "licenseAssignmentStates"], top=50
    )
    page = await client.users.get(RequestConfiguration(query_parameters=parameters))
    users, pages = list(page.value), 1
    while page.odata_next_link:
        page = await client.users.with_url(page.odata_next_link).get()
        users.extend(page.value)
        pages += 1
    return users, pages


async def send_batch(client: GraphServiceClient) -> dict:
    requests = {
        "organization": client.organization.to_get_request_information(),
        "user": client.users.by_user_id(USER).to_get_request_information(),
        "nobody": client.users.by_user_id("nobody@contoso.com").to_get_request_information(),
    }
    batch = BatchRequestContent()
    for name, information in requests.items():
        batch.add_request(name, BatchRequestItem(request_information=information, id=name))
    answer = await client.batch.post(batch)
    return {name: answer.get_response_by_id(name).status for name in requests}


async def administer(client: GraphServiceClient) -> dict:
    """What an administrator asks and changes day by day."""
    counting = RequestConfiguration()
    counting.headers.add("ConsistencyLevel", "eventual")
    user = client.users.by_user_id(USER)
    expanding = UserItemRequestBuilder.UserItemRequestBuilderGetQueryParameters(expand=["memberOf"])
    groups = (await user.get(RequestConfiguration(query_parameters=expanding))).member_of
    body = CheckMemberGroupsPostRequestBody(group_ids=[group.id for group in groups])
    checked = await user.check_member_groups.post(body)
    await user.patch(User(usage_location="DE"))
    select = UserItemRequestBuilder.UserItemRequestBuilderGetQueryParameters(select=["usageLocation"])
    try:
        await client.users.delta.get()
        delta = None
    except ODataError as error:
        delta = error.error.message
    return {
        "count": await client.users.count.get(counting),
        "groups": sorted(group.display_name for group in groups),
        "checked": len(checked.value),
        "location": (await user.get(RequestConfiguration(query_parameters=select))).usage_location,
        "delta": delta,
    }


async def states_of(client: GraphServiceClient) -> list[str]:
    parameters = UserItemRequestBuilder.UserItemRequestBuilderGetQueryParameters(select=["licenseAssignmentStates"])
    user = await client.users.by_user_id(USER).get(RequestConfiguration(query_parameters=parameters))
    return sorted(str(state.sku_id) for state in user.license_assignment_states)


async def main() -> None:
    credential = ClientSecretCredential(
        os.environ["AZURE_TENANT_ID"],
        os.environ["AZURE_CLIENT_ID"],
        os.environ["AZURE_CLIENT_SECRET"],
        authority=HOST,
        disable_instance_discovery=True,
    )
    async with credential:
        client = client_for(credential)
        users, pages = await read_users(client)
        statuses = await send_batch(client)
        administered = await administer(client)
        before = await states_of(client)
        body = AssignLicensePostRequestBody(add_licenses=[], remove_licenses=[SKU])
        updated = await client.users.by_user_id(USER).assign_license.post(body)
        after = await states_of(client)
        try:
            await client.users.by_user_id(USER).assign_license.post(body)
            again = None
        except ODataError as error:
            again = error.error.message
    print(
        json.dumps(
            {
                "users": len(users),
                "pages": pages,
                "direct": sum(
                    state.assigned_by_group is None for user in users for state in user.license_assignment_states
                ),
                "batch": statuses,
                "administered": administered,
                "before": before,
                "updated": updated.user_principal_name,
                "after": after,
                "again": again,
            }
        )
    )


asyncio.run(main())
