"""The SDK of Microsoft Graph for Python changes a customer, signed in as the provider's service account."""

import uuid

import pytest
from kiota_abstractions.base_request_configuration import RequestConfiguration
from msgraph.generated.groups.groups_request_builder import GroupsRequestBuilder
from msgraph.generated.models.assigned_license import AssignedLicense
from msgraph.generated.models.o_data_errors.o_data_error import ODataError
from msgraph.generated.models.password_profile import PasswordProfile
from msgraph.generated.models.reference_create import ReferenceCreate
from msgraph.generated.models.user import User
from msgraph.generated.users.delta.delta_request_builder import DeltaRequestBuilder
from msgraph.generated.users.item.assign_license.assign_license_post_request_body import AssignLicensePostRequestBody
from msgraph.generated.users.item.authentication.methods.item.reset_password.reset_password_post_request_body import (
    ResetPasswordPostRequestBody,
)
from msgraph.generated.users.item.user_item_request_builder import UserItemRequestBuilder

# The id that the password of every account has among its sign-in methods.
PASSWORD = "28c10230-6103-485e-b985-444c60001490"


def selecting(*names):
    options = UserItemRequestBuilder.UserItemRequestBuilderGetQueryParameters(select=list(names))
    return RequestConfiguration(query_parameters=options)


@pytest.fixture
async def ada(technician, truth, changing):
    """A new account."""
    (domain,) = {row["default_domain"] for row in truth.lines if row["kind"] == "tenant" and row["tenant"] == changing}
    name = f"ada.{uuid.uuid4().hex[:8]}"
    return await technician.users.post(
        User(
            account_enabled=True,
            display_name="Ada",
            mail_nickname=name,
            user_principal_name=f"{name}@{domain}",
            usage_location="DE",
            password_profile=PasswordProfile(
                password="correct-Horse-7-battery", force_change_password_next_sign_in=True
            ),
        )
    )


async def found(technician, user, *names):
    return await technician.users.by_user_id(user).get(selecting("id", *names))


async def test_a_created_user_can_be_read_changed_and_deleted(technician, ada):
    created = await found(technician, ada.id, "displayName", "accountEnabled", "userPrincipalName")

    await technician.users.by_user_id(ada.id).patch(User(display_name="Ada L.", department="Engines"))
    changed = await found(technician, ada.id, "displayName", "department", "userPrincipalName")
    await technician.users.by_user_id(ada.id).delete()

    assert (created.display_name, created.account_enabled) == ("Ada", True)
    assert created.user_principal_name == ada.user_principal_name
    assert (changed.display_name, changed.department) == ("Ada L.", "Engines")
    assert changed.user_principal_name == ada.user_principal_name
    with pytest.raises(ODataError) as gone:
        await found(technician, ada.id)
    assert gone.value.response_status_code == 404
    binned = await technician.directory.deleted_items.by_directory_object_id(ada.id).get()
    assert (binned.id, binned.odata_type) == (ada.id, "#microsoft.graph.user")


async def test_a_name_that_is_taken_is_refused(technician, ada):
    again = User(
        account_enabled=True,
        display_name="Bo",
        mail_nickname="bo",
        user_principal_name=ada.user_principal_name,
        password_profile=PasswordProfile(password="correct-Horse-7-battery"),
    )

    with pytest.raises(ODataError) as refused:
        await technician.users.post(again)

    assert refused.value.response_status_code == 400
    assert refused.value.error.code == "Request_BadRequest"
    assert "userPrincipalName" in refused.value.error.message


async def test_a_round_of_changes_tells_what_was_renamed_and_deleted(technician, ada):
    query = DeltaRequestBuilder.DeltaRequestBuilderGetQueryParameters(select=["id", "displayName"])
    page = await technician.users.delta.get(RequestConfiguration(query_parameters=query))
    met = [user.id for user in page.value]
    while page.odata_next_link:
        page = await technician.users.delta.with_url(page.odata_next_link).get()
        met.extend(user.id for user in page.value)

    await technician.users.by_user_id(ada.id).patch(User(display_name="Ada M."))
    renamed = await technician.users.delta.with_url(page.odata_delta_link).get()
    await technician.users.by_user_id(ada.id).delete()
    deleted = await technician.users.delta.with_url(renamed.odata_delta_link).get()

    assert ada.id in met
    assert [(user.id, user.display_name) for user in renamed.value] == [(ada.id, "Ada M.")]
    assert [user.id for user in deleted.value] == [ada.id]
    assert deleted.value[0].additional_data["@removed"] == {"reason": "changed"}


async def test_a_user_joins_and_leaves_a_group(technician, ada):
    query = GroupsRequestBuilder.GroupsRequestBuilderGetQueryParameters(
        filter="mailEnabled eq false and securityEnabled eq true", select=["id", "groupTypes", "membershipRule"]
    )
    listed = (await technician.groups.get(RequestConfiguration(query_parameters=query))).value
    group = next(group.id for group in listed if not group.membership_rule)
    members = technician.groups.by_group_id(group).members
    link = ReferenceCreate(odata_id=f"https://graph.microsoft.com/v1.0/directoryObjects/{ada.id}")

    before = {member.id for member in (await members.get()).value}
    await members.ref.post(link)
    joined = {member.id for member in (await members.get()).value}
    with pytest.raises(ODataError) as twice:
        await members.ref.post(link)
    await members.by_directory_object_id(ada.id).ref.delete()
    left = {member.id for member in (await members.get()).value}

    assert joined - before == {ada.id} and left == before
    assert twice.value.response_status_code == 400


async def test_a_licence_is_taken_from_the_pool_and_given_back(technician, ada):
    async def pools():
        return {sku.sku_id: sku.consumed_units for sku in (await technician.subscribed_skus.get()).value}

    skus = (await technician.subscribed_skus.get()).value
    sku = next(sku.sku_id for sku in skus if sku.prepaid_units.enabled > sku.consumed_units and sku.applies_to == "User")
    assign = technician.users.by_user_id(ada.id).assign_license

    before = await pools()
    await assign.post(AssignLicensePostRequestBody(add_licenses=[AssignedLicense(sku_id=sku)], remove_licenses=[]))
    with_licence, taken = await found(technician, ada.id, "assignedLicenses"), await pools()
    await assign.post(AssignLicensePostRequestBody(add_licenses=[], remove_licenses=[sku]))
    without, given_back = await found(technician, ada.id, "assignedLicenses"), await pools()

    assert [licence.sku_id for licence in with_licence.assigned_licenses] == [sku]
    assert without.assigned_licenses == []
    assert (taken[sku], given_back) == (before[sku] + 1, before)


async def test_a_password_is_reset_with_one_of_the_services_own(technician, ada):
    method = technician.users.by_user_id(ada.id).authentication.methods.by_authentication_method_id(PASSWORD)
    answer = await method.reset_password.post(ResetPasswordPostRequestBody())
    again = await method.reset_password.post(ResetPasswordPostRequestBody())

    assert len(answer.new_password) >= 8 and answer.new_password != again.new_password


async def test_a_password_in_the_profile_takes_a_permission_that_the_app_lacks(technician, ada):
    profile = PasswordProfile(password="another-Horse-8-battery", force_change_password_next_sign_in=False)

    with pytest.raises(ODataError) as refused:
        await technician.users.by_user_id(ada.id).patch(User(password_profile=profile))

    assert refused.value.response_status_code == 403
    assert refused.value.error.code == "Authorization_RequestDenied"
