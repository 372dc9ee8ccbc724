//! What holds for any facts.

use proptest::{collection::vec, option, prelude::*, sample::select};

use super::*;

fn times() -> impl Strategy<Value = Option<Timestamp>> {
    option::of(
        (Timestamp::MIN.as_second()..=Timestamp::MAX.as_second())
            .prop_map(|second| Timestamp::from_second(second).unwrap()),
    )
}

fn ids() -> impl Strategy<Value = String> {
    let known = select(vec![
        GROUP,
        OTHER_GROUP,
        roles::GLOBAL_ADMINISTRATOR,
        roles::APPLICATION_ADMINISTRATOR,
        roles::PRIVILEGED_ROLE_ADMINISTRATOR,
    ]);
    prop_oneof![5 => known.prop_map(str::to_owned), 1 => "\\PC{0,8}"]
}

fn statuses() -> impl Strategy<Value = String> {
    select(vec![
        "created",
        "approvalPending",
        "approved",
        "activating",
        "active",
        "active",
        "active",
        "expiring",
        "expired",
        "terminating",
        "terminated",
        "pending",
        "error",
        "deleted",
        "later",
    ])
    .prop_map(str::to_owned)
}

prop_compose! {
    fn assignments()(group in ids(), status in statuses(), roles in vec(ids(), 0..3), exists in any::<Option<bool>>())
        -> AssignmentFacts
    {
        let mut one = AssignmentFacts::new(group, AssignmentStatus::from(status.as_str()), roles);
        one.group_exists = exists;
        one
    }
}

prop_compose! {
    fn relationships()(
        (id, name) in (ids(), prop_oneof!["\\PC{0,12}", "MLT_[a-z]{3}"]),
        status in statuses(),
        (created, activated, ends_at) in (times(), times(), times()),
        auto_extend in any::<bool>(),
        roles in vec(ids(), 0..4),
        assignments in vec(assignments(), 0..4),
    ) -> RelationshipFacts {
        let status = RelationshipStatus::from(status.as_str());
        let new = RelationshipFacts::new(id, name, status);
        RelationshipFacts { created, activated, ends_at, auto_extend, roles, assignments, ..new }
    }
}

fn tokens() -> impl Strategy<Value = TokenFacts> {
    let codes = select(vec![
        "AADSTS53003",
        "AADSTS65001",
        "AADSTS50020",
        "AADSTS7000222",
        "AADSTS50173",
        "x",
        "",
    ]);
    let kinds = select(vec![
        ErrorKind::SignIn,
        ErrorKind::Consent,
        ErrorKind::Throttled,
        ErrorKind::Other,
    ]);
    prop_oneof![
        Just(TokenFacts::NotTried),
        Just(TokenFacts::Ok),
        (kinds, codes).prop_map(|(kind, code)| refused(kind, code)),
    ]
}

prop_compose! {
    fn facts()(
        (is_primary, partner_is_csp, in_partner_center) in any::<(bool, Option<bool>, Option<bool>)>(),
        (enabled, member, mfa) in any::<(Option<bool>, Option<bool>, Option<bool>)>(),
        admin_agent in select(vec![
            AdminAgent::Yes, AdminAgent::No, AdminAgent::NotForThisCustomer, AdminAgent::Unknown,
        ]),
        relationships in vec(relationships(), 0..4),
        member_of in vec(ids(), 0..3),
        token in tokens(),
        consent in prop_oneof![
            Just(ConsentFacts::NotRead),
            Just(ConsentFacts::Missing),
            vec(select(vec!["User.Read.All", "Group.Read.All"]), 0..3)
                .prop_map(|scopes| ConsentFacts::Granted(scopes.into_iter().map(str::to_owned).collect())),
        ],
        (organization_ok, entra_p1, report_names_concealed) in any::<(Option<bool>, Option<bool>, Option<bool>)>(),
    ) -> Facts {
        Facts {
            tenant: None,
            is_primary, partner_is_csp, in_partner_center, admin_agent, relationships, token, consent,
            organization_ok,
            capabilities: Capabilities { entra_p1, report_names_concealed, ..Capabilities::default() },
            account: AccountFacts { name: None, enabled, member, mfa },
            member_of: member_of.into_iter().collect(),
            ..Facts::default()
        }
    }
}

/// What matters of a relationship that is otherwise in order.
#[derive(Debug, Clone)]
#[expect(
    clippy::struct_excessive_bools,
    reason = "each is one condition of the rule under test"
)]
struct Shape {
    active: bool,
    role: bool,
    assigned: bool,
    member: bool,
}

impl Shape {
    /// The relationship, made this many days before the first.
    fn made(&self, age: usize) -> RelationshipFacts {
        let days = i64::try_from(age).unwrap();
        let mut one = good(&age.to_string(), "Adatum");
        one.created = Some(Timestamp::from_second(now().as_second() - days * 86_400).unwrap());
        if !self.active {
            one.status = RelationshipStatus::Expired;
        }
        if !self.role {
            one.roles = vec![roles::PRIVILEGED_ROLE_ADMINISTRATOR.to_owned()];
        }
        let status = if self.assigned {
            AssignmentStatus::Active
        } else {
            AssignmentStatus::Error
        };
        one.assignments = vec![assignment(
            if self.member { GROUP } else { OTHER_GROUP },
            "team",
            status,
        )];
        one
    }
}

fn shapes() -> impl Strategy<Value = Shape> {
    let mostly = || proptest::bool::weighted(0.8);
    (mostly(), mostly(), mostly(), mostly()).prop_map(|(active, role, assigned, member)| Shape {
        active,
        role,
        assigned,
        member,
    })
}

proptest! {
    #[test]
    fn a_customer_is_ready_exactly_if_no_finding_is_an_error(facts in facts()) {
        let readiness = assess(&facts, &rules(), now());

        let errors: Vec<_> =
            readiness.findings.iter().filter(|one| one.severity == Severity::Error).collect();
        prop_assert_eq!(readiness.is_ready(), errors.is_empty());
        let causes: Vec<_> = errors.iter().filter(|one| one.id != FindingId::A6).collect();
        prop_assert!(causes.len() <= 1);
        if let Some(error) = causes.first() {
            prop_assert_eq!(Some(**error), readiness.findings.last());
        }
    }

    #[test]
    fn every_finding_says_what_was_seen_and_what_to_do(facts in facts()) {
        for finding in assess(&facts, &rules(), now()).findings {
            prop_assert!(!finding.evidence.is_empty() && !finding.breaks.is_empty() && !finding.remedy.is_empty());
        }
    }

    #[test]
    fn a_customer_is_ready_if_its_newest_active_relationship_gives_a_group_of_the_account_a_role(
        shapes in vec(shapes(), 0..5),
    ) {
        let readiness = found(|facts| {
            facts.relationships = shapes.iter().enumerate().map(|(age, shape)| shape.made(age)).collect();
        });

        let newest = shapes.iter().position(|shape| shape.active);
        let suffices = newest.is_some_and(|at| shapes[at].role && shapes[at].assigned && shapes[at].member);
        prop_assert_eq!(readiness.is_ready(), suffices);
        prop_assert_eq!(readiness.relationship, newest.map(|at| at.to_string()));
    }

    #[test]
    fn the_order_of_relationships_changes_nothing(facts in facts()) {
        let mut turned = facts.clone();
        turned.relationships.reverse();
        let distinct: BTreeSet<_> = facts.relationships.iter().map(|one| &one.id).collect();
        prop_assume!(distinct.len() == facts.relationships.len());

        let (one, other) = (assess(&facts, &rules(), now()), assess(&turned, &rules(), now()));

        prop_assert_eq!(one.relationship, other.relationship);
        prop_assert_eq!(one.findings.last().map(|f| f.id), other.findings.last().map(|f| f.id));
    }

    #[test]
    fn findings_survive_being_stored(facts in facts()) {
        let readiness = assess(&facts, &rules(), now());

        let text = serde_json::to_string(&readiness).unwrap();

        prop_assert_eq!(serde_json::from_str::<Readiness>(&text).unwrap(), readiness);
    }
}
