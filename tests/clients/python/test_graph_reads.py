"""The SDK of Microsoft Graph for Python reads a customer; the app acts for itself."""

import pytest
from kiota_abstractions.base_request_configuration import RequestConfiguration
from msgraph.generated.models.group_collection_response import GroupCollectionResponse
from msgraph.generated.models.o_data_errors.o_data_error import ODataError
from msgraph.generated.models.user_collection_response import UserCollectionResponse
from msgraph.generated.users.delta.delta_request_builder import DeltaRequestBuilder
from msgraph.generated.users.users_request_builder import UsersRequestBuilder
from msgraph_core.requests.batch_request_content import BatchRequestContent
from msgraph_core.requests.batch_request_item import BatchRequestItem
from msgraph_core.tasks.page_iterator import PageIterator

NOBODY = "00000000-0000-4000-8000-000000000000"
CARD = ["id", "displayName", "userPrincipalName", "accountEnabled", "jobTitle", "userType"]


def users_query(**options):
    return UsersRequestBuilder.UsersRequestBuilderGetQueryParameters(**options)


def card(user):
    return {
        "id": user.id,
        "displayName": user.display_name,
        "userPrincipalName": user.user_principal_name,
        "accountEnabled": user.account_enabled,
        "jobTitle": user.job_title,
        "userType": user.user_type,
    }


def by_id(rows):
    return {row["id"]: {name: row[name] for name in CARD} for row in rows}


def step(id, request):
    """A request of a batch. `msgraph-core` writes an empty list of dependencies under a name that Graph does not have,
    so that a check of the traffic would report it; without a list it writes nothing."""
    item = BatchRequestItem(request, id)
    item._depends_on = None
    return item


@pytest.fixture
def sdk(cloud, read_only):
    return cloud.for_app(read_only["tenant"])


@pytest.fixture
def users(truth, read_only):
    return truth.of("user", read_only["tenant"])


async def test_the_page_iterator_meets_every_user_once(sdk, users):
    query = users_query(select=CARD, top=7)
    first = await sdk.users.get(RequestConfiguration(query_parameters=query))
    met = []

    await PageIterator(first, sdk.request_adapter).iterate(lambda user: met.append(card(user)) or True)

    assert len(first.value) == 7 and first.odata_next_link
    assert len(met) == len(users) > 7
    assert by_id(met) == by_id(users)


async def test_the_page_iterator_goes_on_where_it_paused(sdk, users):
    query = users_query(select=["id"], top=7)
    first = await sdk.users.get(RequestConfiguration(query_parameters=query))
    iterator, met = PageIterator(first, sdk.request_adapter), []

    await iterator.iterate(lambda user: met.append(user.id) or len(met) < 10)
    paused = len(met)
    await iterator.iterate(lambda user: met.append(user.id) or True)

    assert paused == 10
    assert sorted(met) == sorted(user["id"] for user in users)


async def test_what_was_not_selected_is_left_out(sdk, users):
    query = users_query(select=["id"], top=1)

    (user,) = (await sdk.users.get(RequestConfiguration(query_parameters=query))).value

    assert user.id in {user["id"] for user in users}
    assert user.display_name is None and user.user_principal_name is None


async def test_an_advanced_query_counts_what_it_filters(sdk, users):
    query = users_query(filter="accountEnabled eq false", select=CARD, count=True)
    config = RequestConfiguration(query_parameters=query)
    config.headers.add("ConsistencyLevel", "eventual")

    page = await sdk.users.get(config)

    wanted = [user for user in users if not user["accountEnabled"]]
    assert page.odata_count == len(wanted)
    assert by_id(map(card, page.value)) == by_id(wanted)


async def test_a_round_of_changes_begins_with_everything_and_ends_with_nothing(sdk, users):
    query = DeltaRequestBuilder.DeltaRequestBuilderGetQueryParameters(select=CARD)
    page = await sdk.users.delta.get(RequestConfiguration(query_parameters=query))
    met = [card(user) for user in page.value]
    while page.odata_next_link:
        page = await sdk.users.delta.with_url(page.odata_next_link).get()
        met.extend(card(user) for user in page.value)

    later = await sdk.users.delta.with_url(page.odata_delta_link).get()

    assert by_id(met) == by_id(users)
    assert later.value == [] and later.odata_delta_link


async def test_each_request_of_a_batch_has_its_own_answer(sdk, users, truth, read_only):
    some, groups = users[0]["id"], truth.of("group", read_only["tenant"])
    query = users_query(select=CARD, filter=f"id in ('{some}')")
    asked = {
        "users": sdk.users.to_get_request_information(RequestConfiguration(query_parameters=query)),
        "groups": sdk.groups.to_get_request_information(),
        "nobody": sdk.users.by_user_id(NOBODY).to_get_request_information(),
    }
    batch = BatchRequestContent({id: step(id, request) for id, request in asked.items()})

    answers = await sdk.batch.post(batch)

    codes = answers.get_response_status_codes()
    assert codes == {"users": 200, "groups": 200, "nobody": 404}
    listed = answers.get_response_by_id("users", UserCollectionResponse)
    assert [card(user) for user in listed.value] == list(by_id(users[:1]).values())
    listed = answers.get_response_by_id("groups", GroupCollectionResponse)
    assert {group.id for group in listed.value} == {group["id"] for group in groups}


async def test_an_error_has_the_code_and_the_ids_that_the_service_gives(sdk):
    with pytest.raises(ODataError) as raised:
        await sdk.users.by_user_id(NOBODY).get()

    error = raised.value.error
    assert (raised.value.response_status_code, error.code) == (404, "Request_ResourceNotFound")
    assert NOBODY in error.message
    assert error.inner_error.request_id and error.inner_error.date


async def test_licences_and_members_are_as_the_world_has_them(sdk, truth, read_only):
    tenant = read_only["tenant"]
    group = next(row["group"] for row in truth.of("membership", tenant))

    skus = (await sdk.subscribed_skus.get()).value
    members = (await sdk.groups.by_group_id(group).members.get()).value

    owned = {row["skuPartNumber"]: row["consumedUnits"] for row in truth.of("license", tenant)}
    assert {sku.sku_part_number: sku.consumed_units for sku in skus} == owned
    inside = {row["member"]: row["type"] for row in truth.of("membership", tenant, group=group)}
    assert {member.id: member.odata_type for member in members} == inside
