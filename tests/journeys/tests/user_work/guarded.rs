//! Plans that would be refused, at each link of the chain: told before anything is written, with what mends it.

use msp365::{
    Error, ErrorKind, Msp365, TenantId,
    actions::{
        Access, AccessPass, Ask, Devices, Edit, Facts, Grant, Groups, LastOwner, Licenses, Offboard, Plan,
        Protection,
        explain::{Levels, LinkId},
    },
    core::Change,
    graph::{roles, users::UserEdit},
    sim::{self, Cloud, GroupKind, Sim},
    store::{TenantState, TenantStatus},
};
use serde_json::{Value, json};

/// The most requests that it takes to know that a plan would be refused.
const MOST: usize = 30;

/// One customer that is enrolled for changing users.
struct Office {
    cloud: Cloud,
    msp: Msp365,
    tenant: TenantId,
    people: Vec<String>,
}

impl Office {
    async fn open() -> Self {
        let cloud = Sim::seeded(7).customers(1).users_each(30).manual_clock().build();
        let msp = sim::builder(&cloud).seed(7).in_memory().changing_users(true);
        let msp = msp.build().unwrap();
        sim::connect(&cloud, &msp).await.unwrap();
        msp.tenants().refresh().await.unwrap();
        let tenant = cloud.customer_ids()[0];
        let ready = msp.tenants().enrol(&[tenant], |_| {}).await.unwrap();
        assert!(ready[0].ready, "{ready:?}");
        let truth = cloud.truth();
        let is_held = |line: &Value| truth.iter().any(|other| other["principalId"] == line["id"]);
        let fits = |line: &&Value| {
            line["kind"] == "user"
                && line["tenant"] == tenant.to_string()
                && line["accountEnabled"] == true
                && line["onPremisesSyncEnabled"] != true
                && line["userType"] == "Member"
                && !is_held(line)
        };
        let people = truth.iter().filter(fits);
        let people = people
            .map(|line| line["id"].as_str().unwrap().to_owned())
            .collect();
        Self {
            cloud,
            msp,
            tenant,
            people,
        }
    }

    fn ada(&self) -> &str {
        &self.people[0]
    }

    async fn facts(&self, ask: Ask) -> Facts {
        self.msp.actions().facts(&self.tenant, &ask).await.unwrap()
    }

    async fn about_ada(&self) -> Facts {
        self.facts(Ask::user(self.ada())).await
    }

    async fn blocking(&self) -> Plan {
        Access::Block.plan(&self.about_ada().await, &open()).unwrap()
    }

    /// A plan that was right when it was made is refused by this link after the world has changed; nothing is written.
    async fn is_refused(&self, plan: &Plan, wanted: LinkId, words: &str) {
        let (before, requests) = (self.written(), self.cloud.requests());

        let refused = self.msp.actions().run(plan, "ada").await.unwrap_err();

        let Error::WouldBeRefused(link) = &refused else {
            panic!("{refused}");
        };
        assert_eq!(link.id, wanted, "{link:?}");
        assert!(link.evidence.contains(words), "{link:?}");
        assert!(link.remedy.is_some() && link.mender.is_some(), "{link:?}");
        assert_eq!(self.written(), before, "{wanted:?}: nothing is written");
        let asked = self.cloud.requests() - requests;
        assert!(asked <= MOST, "{wanted:?}: {asked} requests");
    }

    /// How much was changed, or tried to be, by Graph.
    fn written(&self) -> usize {
        let is_write = |method: &http::Method, path: &str| {
            *method != http::Method::GET && !path.contains("$batch") && !path.contains("token")
        };
        self.cloud.requests_by(is_write)
    }
}

fn open() -> Protection {
    Protection::new()
}

fn role(name: &str) -> &'static str {
    roles::all().find(|role| role.name == name).unwrap().id
}

#[tokio::test]
async fn the_technicians_own_level_is_the_first_link_and_costs_no_request() {
    let office = Office::open().await;
    let levels: Levels = serde_json::from_value(json!({
        "levels": {"desk": {"areas": {"users": "operate"}}},
        "technicians": {
            "bo": {"level": "desk", "tenants": {"only": [office.tenant]}, "sites": "all"},
            "cleo": {"level": "desk", "tenants": {"only": []}, "sites": "all"},
        },
    }))
    .unwrap();
    let by = |who| office.msp.actions().by(&levels, who, &[]);
    let nowhere: TenantId = "00000000-0000-4000-8000-00000000dead".parse().unwrap();
    let facts = office.about_ada().await;
    let leaving = Offboard::user().delete().last_owner(LastOwner::Warned);
    let leaving = leaving.plan(&facts, &open()).unwrap();
    let before = office.cloud.requests();

    let lacking = by("bo").run(&leaving, "bo").await.unwrap_err();
    let hidden = by("cleo").run(&leaving, "cleo").await.unwrap_err();
    let unseen = by("cleo")
        .facts(&office.tenant, &Ask::user(office.ada()))
        .await
        .unwrap_err();
    let absent = by("bo")
        .facts(&nowhere, &Ask::user(office.ada()))
        .await
        .unwrap_err();

    assert_eq!(office.cloud.requests(), before);
    assert_eq!(lacking.kind(), ErrorKind::Denied);
    assert!(
        lacking.to_string().contains("lacks the tier `administer`"),
        "{lacking}"
    );
    assert_eq!(hidden.to_string(), unseen.to_string());
    assert_eq!(
        (unseen.to_string(), unseen.kind()),
        (absent.to_string(), absent.kind())
    );
    let blocked = by("bo").run(&office.blocking().await, "bo").await.unwrap();
    assert!(blocked.is_done(), "{blocked}");
}

#[tokio::test]
async fn a_tenant_that_is_not_synced_any_more_is_left_alone() {
    let office = Office::open().await;
    let plan = office.blocking().await;
    let left = TenantState::new(TenantStatus::Deactivated);
    office.msp.store().set_state(&office.tenant, &left).await.unwrap();

    office.is_refused(&plan, LinkId::Tenant, "not synced").await;
}

#[tokio::test]
async fn a_permission_that_was_not_consented_to_is_named() {
    let office = Office::open().await;
    let plan = office.blocking().await;
    let changed = |edit: &mut sim::Edit<'_>| edit.set_scopes(office.tenant, &["Directory.Read.All"]);
    assert!(office.cloud.edit(changed));

    office
        .is_refused(&plan, LinkId::Consent, "User.ReadWrite.All")
        .await;
}

#[tokio::test]
async fn a_relationship_that_has_ended_is_named() {
    let office = Office::open().await;
    let plan = office.blocking().await;
    assert!(office.cloud.edit(|edit| edit.expire_relationships(office.tenant)));

    office.is_refused(&plan, LinkId::Relationship, "").await;
}

#[tokio::test]
async fn a_role_that_the_relationship_lacks_is_named() {
    let office = Office::open().await;
    let plan = office.blocking().await;
    let roles = [role("Directory Readers"), role("License Administrator")];
    office.cloud.edit(|edit| edit.delegate(office.tenant, &roles));

    office.is_refused(&plan, LinkId::Role, "User Administrator").await;
}

#[tokio::test]
async fn a_user_who_has_become_an_administrator_is_protected() {
    let office = Office::open().await;
    let plan = office.blocking().await;
    let roles = [role("Directory Readers"), role("User Administrator")];
    office.cloud.edit(|edit| {
        edit.delegate(office.tenant, &roles);
        assert!(edit.assign_role(office.tenant, role("Exchange Administrator"), office.ada()));
    });

    office
        .is_refused(&plan, LinkId::Protection, "Exchange Administrator")
        .await;
}

#[tokio::test]
async fn a_user_who_is_gone_meanwhile_is_named() {
    let office = Office::open().await;
    let plan = office.blocking().await;
    assert!(
        office
            .cloud
            .edit(|edit| edit.delete_user(office.tenant, office.ada()))
    );

    office.is_refused(&plan, LinkId::Target, "no user").await;
}

#[tokio::test]
async fn the_last_unit_that_somebody_else_took_is_missed_beforehand() {
    let office = Office::open().await;
    let product = "SPE_E5";
    office.cloud.edit(|edit| {
        assert!(edit.buy(office.tenant, product, 1));
        edit.set_user(office.tenant, office.ada(), "usageLocation", "NO");
        edit.set_user(office.tenant, office.ada(), "licenseAssignmentStates", json!([]));
        edit.set_user(office.tenant, office.ada(), "assignedLicenses", json!([]));
    });
    let facts = office.about_ada().await;
    let products = facts.products.iter().flatten();
    let sku = products
        .filter(|sku| sku.sku_part_number.as_deref() == Some(product))
        .find_map(|sku| sku.sku_id.clone())
        .unwrap();
    let plan = Licenses::default()
        .give(Grant::new(&sku))
        .plan(&facts, &open())
        .unwrap();
    let free = facts.product(&sku).unwrap().available_units();
    let all = u64::try_from(free).unwrap();
    assert!(
        office
            .cloud
            .edit(|edit| edit.give_back(office.tenant, product, all))
    );

    office.is_refused(&plan, LinkId::License, "no free units").await;
}

#[tokio::test]
async fn a_policy_that_was_turned_off_is_named() {
    let office = Office::open().await;
    let facts = office.facts(Ask::user(office.ada()).passes()).await;
    let plan = AccessPass::default().plan(&facts, &open()).unwrap();
    let off = json!({"state": "disabled"});
    assert!(
        office
            .cloud
            .edit(|edit| edit.set_pass_policy(office.tenant, off.as_object().unwrap()))
    );

    office.is_refused(&plan, LinkId::Policy, "turned off").await;
}

#[tokio::test]
async fn a_user_who_is_mastered_on_premises_by_now_is_changed_there() {
    let office = Office::open().await;
    let mut fields = UserEdit::default();
    fields.job_title = Change::Set("Captain".to_owned());
    let plan = Edit::new(fields)
        .plan(&office.about_ada().await, &open())
        .unwrap();
    office
        .cloud
        .edit(|edit| edit.set_user(office.tenant, office.ada(), "onPremisesSyncEnabled", true));

    office
        .is_refused(&plan, LinkId::OnPremises, "mastered on-premises")
        .await;
}

#[tokio::test]
async fn of_many_groups_the_one_that_exchange_keeps_by_now_is_named() {
    let office = Office::open().await;
    let groups: Vec<_> = office.cloud.edit(|edit| {
        let one = |number| {
            let name = format!("Crew {number}");
            edit.add_group(office.tenant, &name, GroupKind::Security).unwrap()
        };
        (0..4).map(one).collect()
    });
    let facts = office.facts(Ask::user(office.ada()).groups(&groups)).await;
    let mut wish = Groups::default();
    wish.join.clone_from(&groups);
    let plan = wish.plan(&facts, &open()).unwrap();
    assert_eq!(plan.steps.len(), 4);
    office
        .cloud
        .edit(|edit| edit.set_group(office.tenant, &groups[2], "mailEnabled", true));

    office.is_refused(&plan, LinkId::Membership, "Crew 2").await;
}

#[tokio::test]
async fn a_report_who_is_mastered_on_premises_by_now_is_named() {
    let office = Office::open().await;
    let [ada, bo, cleo] = [0, 1, 2].map(|at| office.people[at].as_str());
    let led = Edit::default()
        .manager(ada)
        .plan(&office.facts(Ask::user(bo)).await, &open());
    assert!(
        office
            .msp
            .actions()
            .run(&led.unwrap(), "ada")
            .await
            .unwrap()
            .is_done()
    );
    let wish = Offboard::user().block().hand_reports_to(cleo);
    let plan = wish.plan(&office.about_ada().await, &open()).unwrap();
    assert_eq!(plan.steps.len(), 2, "{plan}");
    office
        .cloud
        .edit(|edit| edit.set_user(office.tenant, bo, "onPremisesSyncEnabled", true));

    office
        .is_refused(&plan, LinkId::OnPremises, "mastered on-premises")
        .await;
}

#[tokio::test]
async fn what_is_left_of_a_plan_is_looked_at_again_before_it_goes_on() {
    let office = Office::open().await;
    let plan = office.blocking().await;
    let runner = office.msp.actions().runner().unwrap();
    let id = runner.submit(&plan, "ada").await.unwrap();
    let record = office.msp.store().plan(&id).await.unwrap().unwrap();
    assert!(
        office
            .cloud
            .edit(|edit| edit.set_scopes(office.tenant, &["Directory.Read.All"]))
    );
    let before = office.written();

    let refused = office.msp.actions().resume(&record).await.unwrap_err();

    assert!(
        matches!(&refused, Error::WouldBeRefused(link) if link.id == LinkId::Consent),
        "{refused}"
    );
    assert_eq!(office.written(), before);
}

#[tokio::test]
async fn devices_take_a_permission_and_a_role_of_their_own() {
    let office = Office::open().await;
    let device = office
        .cloud
        .edit(|edit| edit.add_device(office.tenant, office.ada(), "ADA-1"));
    let facts = office.facts(Ask::user(office.ada()).devices()).await;
    let plan = Offboard::user()
        .devices(Devices::Disabled)
        .plan(&facts, &open())
        .unwrap();

    office
        .is_refused(&plan, LinkId::Consent, "Directory.AccessAsUser.All")
        .await;
    let permission = ["Directory.AccessAsUser.All"];
    assert!(
        office
            .cloud
            .edit(|edit| edit.grant_scopes(office.tenant, &permission))
    );
    let roles = [role("Directory Readers"), role("User Administrator")];
    office.cloud.edit(|edit| edit.delegate(office.tenant, &roles));
    office
        .is_refused(&plan, LinkId::Role, "Cloud Device Administrator")
        .await;
    let roles = [role("Directory Readers"), role("Cloud Device Administrator")];
    office.cloud.edit(|edit| edit.delegate(office.tenant, &roles));
    office.cloud.advance(std::time::Duration::from_hours(2));
    let outcome = office.msp.actions().run(&plan, "ada").await.unwrap();

    assert!(device.is_some() && outcome.is_done(), "{outcome}");
}
