use super::*;

fn contoso() -> msp365_core::TenantId {
    tenant(&[]).id
}

fn levels() -> Levels {
    from(json!({
        "levels": {
            "desk": {"areas": {"users": "operate", "tenants": "view"}, "actions": {"reset_password": false, "edit": true}},
            "devices": {"areas": {"devices": "administer"}},
            "lead": {"areas": {"users": "administer"}},
        },
        "technicians": {
            "ada": {"level": "desk", "tenants": "all", "sites": "all"},
            "bo": {"level": "lead", "tenants": {"only": ["11111111-2222-3333-4444-555555555555"]}, "sites": "all"},
            "cleo": {"level": "lead", "tenants": "all", "sites": {"only": ["York"]}},
            "dan": {"level": "devices", "tenants": "all", "sites": "all"},
            "eve": {"level": "gone", "tenants": "all", "sites": "all"},
        },
    }))
}

fn decide(who: &str, ask: &Ask) -> Decision {
    levels().decide(who, ask)
}

#[test]
fn a_tier_lets_do_what_it_includes_and_a_level_may_differ_in_actions() {
    let ask = |kind| decide("ada", &Ask::action(contoso(), kind));

    assert_eq!(ask(ActionKind::Block), Decision::Allowed);
    assert_eq!(ask(ActionKind::Edit), Decision::Allowed);
    for kind in [
        ActionKind::ResetPassword,
        ActionKind::Delete,
        ActionKind::Licenses,
    ] {
        assert!(matches!(ask(kind), Decision::Forbidden { .. }), "{kind:?}");
    }
    let view = Ask::area(None, Area::Tenants, Tier::View);
    assert_eq!(decide("ada", &view), Decision::Allowed);
    let manage = Ask::area(None, Area::Tenants, Tier::Manage);
    assert!(matches!(decide("ada", &manage), Decision::Forbidden { .. }));
}

#[test]
fn what_is_out_of_view_is_as_if_it_were_not_there() {
    let elsewhere = "99999999-2222-3333-4444-555555555555".parse().unwrap();
    let block = |tenant| Ask::action(tenant, ActionKind::Block);

    assert_eq!(decide("bo", &block(contoso())), Decision::Allowed);
    for (who, ask) in [
        ("bo", block(elsewhere)),
        ("cleo", block(contoso())),
        ("cleo", block(contoso()).in_sites(["Leeds"])),
        ("dan", block(contoso())),
        ("eve", block(contoso())),
        ("nobody", block(contoso())),
    ] {
        assert_eq!(decide(who, &ask), Decision::Hidden, "{who}");
    }
    assert_eq!(
        decide("cleo", &block(contoso()).in_sites(["Leeds", "York"])),
        Decision::Allowed
    );
}

#[test]
fn a_hidden_tenant_and_an_unknown_one_are_answered_alike() {
    let hidden = Actor::technician(&levels(), "dan", &Ask::action(contoso(), ActionKind::Block));
    let mut nowhere = tenant(&[]);
    nowhere.status = Known::Is(None);

    let one = explain(
        &hidden,
        &tenant(&["User Administrator"]),
        &Action::Block,
        &plain(),
    );
    let other = explain(&Actor::host(), &nowhere, &Action::Block, &plain());

    assert_eq!(one, other);
    assert_eq!(
        serde_json::to_string(&one).unwrap(),
        serde_json::to_string(&other).unwrap()
    );
    assert_eq!(broken(&one), Some(LinkId::Permission));
}

#[test]
fn of_several_steps_each_has_to_be_let() {
    let offboard = Action::Offboard(vec![Action::Block, Action::ResetPassword]);
    let mut levels = levels();
    let desk = levels.levels.get_mut("desk").unwrap();
    desk.actions.insert(ActionKind::Offboard, true);
    let ask = Ask::action(contoso(), ActionKind::Offboard);

    assert_eq!(
        Actor::technician(&levels, "ada", &ask).decision,
        Decision::Allowed
    );
    let asking = Actor::asking(&levels, "ada", &ask, &offboard);
    assert!(matches!(asking.decision, Decision::Forbidden { .. }));
}

#[test]
fn a_viewer_sees_the_tenants_of_a_scope_through_their_sites() {
    let (one, two, three) = (numbered(1), numbered(2), numbered(3));
    let levels = json!({
        "levels": {"desk": {"areas": {"users": "view"}}, "tools": {"areas": {"devices": "administer"}}},
        "technicians": {
            "ada": {"level": "desk", "tenants": "all", "sites": "all"},
            "bo": {"level": "desk", "tenants": {"only": [one, two]}, "sites": {"only": ["north"]}},
            "cleo": {"level": "tools", "tenants": "all", "sites": "all"}
        }
    });
    let levels: Levels = serde_json::from_value(levels).unwrap();
    let north = BTreeSet::from(["north".to_owned()]);
    let sites = SiteMap {
        tenants: [(two, north.clone()), (three, north)].into(),
        ..SiteMap::default()
    };
    let seen = |technician| {
        let viewer = Viewer::technician(&levels, technician, &sites);
        viewer.in_view(Area::Users, [one, two, three])
    };

    assert_eq!(seen("ada"), [one, two, three]);
    assert_eq!(seen("bo"), [two]);
    assert!(seen("cleo").is_empty());
    assert!(seen("nobody").is_empty());
}

fn numbered(number: u8) -> msp365_core::TenantId {
    format!("{number:08}-0000-4000-8000-000000000000")
        .parse()
        .unwrap()
}

#[test]
fn levels_with_a_slip_of_the_pen_are_refused() {
    let odd = json!({"levels": {"desk": {"areas": {"users": "operate"}, "action": {}}}});

    assert!(serde_json::from_value::<Levels>(odd).is_err());
}
