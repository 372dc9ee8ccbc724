"""The simulated cloud that `tests/clients/run` started, as it announced itself, and what is true of its world."""

import json
import os
import time
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

import msal
import pytest
import requests
from azure.core.credentials import AccessToken
from azure.identity import ClientSecretCredential
from kiota_authentication_azure.azure_identity_authentication_provider import AzureIdentityAuthenticationProvider
from msgraph import GraphRequestAdapter, GraphServiceClient

from sign_in import Browser

GRAPH = "https://graph.microsoft.com/.default"
PARTNER_CENTER = "https://api.partnercenter.microsoft.com/.default"
GRAPH_APP = "00000003-0000-0000-c000-000000000000"


def read(variable):
    path = os.environ.get(variable)
    if not path:
        pytest.exit(f"{variable} is not set; tests/clients/run sets it", returncode=4)
    return Path(path).read_text(encoding="utf-8")


@dataclass(frozen=True)
class Cloud:
    """What `msp365 sim serve` announced."""

    said: dict

    @property
    def authority(self):
        return self.said["authority"]

    @property
    def graph(self):
        return f"{self.said['graph']}/v1.0"

    @property
    def graph_host(self):
        return urlsplit(self.graph).hostname

    @property
    def partner(self):
        return self.said["partner_tenant"]

    @property
    def account(self):
        return self.said["service_account"]

    def app(self, kind):
        return next(app for app in self.said["apps"] if app["kind"] == kind)

    def client(self, kind, tenant, **more):
        """MSAL for one of the apps, set up for a tenant as for Microsoft's own sign-in service."""
        app = self.app(kind)
        more.setdefault("client_credential", app["client_secret"])
        return msal.ConfidentialClientApplication(
            app["client_id"],
            authority=f"{self.authority}/{tenant}",
            instance_discovery=False,
            **more,
        )


    def certificate(self, kind):
        """The certificate of an app with its key, as MSAL takes it."""
        pem = Path(self.app(kind)["certificate"]).read_text(encoding="utf-8")
        return {"private_key": pem, "public_certificate": pem}

    def device(self):
        """MSAL on a device without a browser, which can keep no secret."""
        return msal.PublicClientApplication(
            self.app("delegated")["client_id"],
            authority=f"{self.authority}/{self.partner}",
            instance_discovery=False,
        )

    def sdk(self, credential):
        """The SDK of Microsoft Graph, sent here instead of to Microsoft."""
        provider = AzureIdentityAuthenticationProvider(
            credential, scopes=[GRAPH], allowed_hosts=[self.graph_host]
        )
        adapter = GraphRequestAdapter(provider)
        adapter.base_url = self.graph
        return GraphServiceClient(request_adapter=adapter)

    def for_app(self, tenant):
        """The SDK with an app that acts for itself in a customer."""
        app = self.app("app_only")
        return self.sdk(
            ClientSecretCredential(
                tenant,
                app["client_id"],
                app["client_secret"],
                authority=self.authority,
                disable_instance_discovery=True,
            )
        )


class Held:
    """A token that is at hand already, as the SDK wants to be given it."""

    def __init__(self, result):
        self.result = result

    def get_token(self, *_scopes, **_options):
        return AccessToken(self.result["access_token"], int(time.time()) + self.result["expires_in"])


@dataclass(frozen=True)
class Truth:
    """The world as `msp365 sim truth` tells it."""

    lines: list

    def of(self, kind, tenant, **fields):
        rows = (row for row in self.lines if row["kind"] == kind and row["tenant"] == tenant)
        return [row for row in rows if all(row[name] == value for name, value in fields.items())]

    def tenant(self, trouble):
        """The tenants with this trouble; `None` asks for those without."""
        rows = (row for row in self.lines if row["kind"] == "tenant")
        return [row for row in rows if row["trouble"] == trouble]


@pytest.fixture(scope="session")
def cloud():
    return Cloud(json.loads(read("MSP365_CLOUD")))


@pytest.fixture(scope="session")
def truth():
    return Truth([json.loads(line) for line in read("MSP365_TRUTH").splitlines()])


@pytest.fixture(scope="session")
def healthy(truth):
    """Customers without trouble, the smallest first. Tests read the first and write to the second."""
    return sorted(truth.tenant(None), key=lambda tenant: tenant["counts"]["users"])


@pytest.fixture(scope="session")
def read_only(healthy):
    return healthy[0]


@pytest.fixture(scope="session")
def changing(healthy):
    return healthy[1]["tenant"]


@pytest.fixture
def browser():
    return Browser()


@pytest.fixture(scope="session")
def signed_in(cloud):
    """What MSAL holds once the service account has signed in to the partner tenant and consented."""
    client = cloud.client("delegated", cloud.partner)
    redirect = cloud.app("delegated")["redirect_uris"][0]
    flow = client.initiate_auth_code_flow([GRAPH], redirect_uri=redirect)
    callback = Browser().walk(flow["auth_uri"])
    result = client.acquire_token_by_auth_code_flow(flow, callback)
    assert "access_token" in result, result
    return client, result


@pytest.fixture(scope="session")
def consent(cloud, signed_in):
    """Lets the provider's app into a customer, as Partner Center does it for those with a relationship."""
    client, result = signed_in
    app = cloud.app("delegated")["client_id"]
    # OpenID's own are listed without a resource.
    listed = [scope.rsplit("/", 1) for scope in result["scope"].split() if "/" in scope]
    names = [name for _, name in listed if name != ".default"]
    (account,) = client.get_accounts()

    def give(tenant):
        token = client.acquire_token_silent([PARTNER_CENTER], account)["access_token"]
        answer = requests.post(
            f"{cloud.said['partner_center']}/v1/customers/{tenant}/applicationconsents",
            headers={"Authorization": f"Bearer {token}"},
            json={
                "applicationId": app,
                "displayName": "Clients of others",
                "applicationGrants": [{"enterpriseApplicationId": GRAPH_APP, "scope": ",".join(names)}],
            },
            timeout=30,
        )
        assert answer.status_code in (201, 409), answer.text

    return give


@pytest.fixture(scope="session")
def redeem(cloud, signed_in):
    """Asks for an access token for a customer with the refresh token of the service account."""
    _, result = signed_in

    def ask(tenant):
        client = cloud.client("delegated", tenant)
        return client.acquire_token_by_refresh_token(result["refresh_token"], scopes=[GRAPH])

    return ask


@pytest.fixture
def technician(cloud, consent, redeem, changing):
    """The SDK with the service account in the customer that tests write to."""
    consent(changing)
    return cloud.sdk(Held(redeem(changing)))
