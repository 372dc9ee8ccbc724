//! Reports of somebody who comes back, between who took them over and whoever was chosen since.

use msp365::actions::{Ask, Edit, Facts, LastOwner, Offboard, Plan, Reason, rehire};

use crate::desk::{Desk, open};

const NOBODY: &str = "00000000-0000-4000-8000-00000000dead";

/// Makes one of them the manager of the other.
async fn lead(desk: &Desk, manager: &str, report: &str) {
    let wish = Edit::default().manager(manager);
    let plan = wish.plan(&desk.about(report).await, &open()).unwrap();
    assert!(desk.run(&plan).await.is_done());
}

fn manager_of(desk: &Desk, user: &str) -> Option<String> {
    let lines = desk.truth("manager");
    let own = lines.iter().find(|line| line["user"] == user)?;
    Some(own["manager"].as_str().unwrap().to_owned())
}

/// Ada, Bo, Cleo and Dan: Ada has left, and Bo has taken over Cleo.
async fn taken_over() -> (Desk, [String; 4], Plan) {
    let desk = Desk::new();
    let people = desk.plain();
    let people = [0, 1, 2, 3].map(|at| people[at].clone());
    let [ada, bo, cleo, _] = &people;
    lead(&desk, ada, cleo).await;
    let facts = desk.facts(&Ask::user(ada).others([bo])).await;
    let leaving = Offboard::user().block().hand_reports_to(bo);
    let plan = leaving.plan(&facts, &open()).unwrap();
    assert!(desk.run(&plan).await.is_done());
    assert_eq!(manager_of(&desk, cleo).as_ref(), Some(bo));
    (desk, people, plan)
}

async fn facts(desk: &Desk, gone: &Plan) -> Facts {
    let snapshot = gone.snapshot.as_ref().unwrap();
    let ask = Ask::user(snapshot.user.key()).managers_of(&snapshot.reports);
    desk.facts(&ask).await
}

#[tokio::test]
async fn undoing_a_rehire_gives_the_reports_to_who_had_taken_them_over() {
    for is_asked in [true, false] {
        let (desk, [ada, bo, cleo, _], gone) = taken_over().await;
        let facts = if is_asked {
            facts(&desk, &gone).await
        } else {
            desk.about(&ada).await
        };
        let back = rehire(gone.snapshot.as_ref().unwrap(), &facts).unwrap();
        let outcome = desk.run(&back).await;
        assert_eq!(manager_of(&desk, &cleo), Some(ada), "{outcome}");

        let undone = desk.run(&outcome.inverse().unwrap()).await;

        assert!(undone.is_done(), "{undone}");
        assert_eq!(manager_of(&desk, &cleo), Some(bo));
    }
}

#[tokio::test]
async fn a_manager_who_was_chosen_since_stays() {
    let (desk, [ada, bo, cleo, dan], gone) = taken_over().await;
    lead(&desk, &dan, &cleo).await;
    lead(&desk, &bo, &ada).await;
    let mut snapshot = gone.snapshot.clone().unwrap();
    snapshot.manager = Some(dan.clone());

    let back = rehire(&snapshot, &facts(&desk, &gone).await).unwrap();
    let outcome = desk.run(&back).await;

    assert!(outcome.is_done(), "{outcome}");
    assert_eq!(manager_of(&desk, &cleo).as_ref(), Some(&dan));
    assert_eq!(manager_of(&desk, &ada).as_ref(), Some(&bo));
    for kept in [&cleo, &bo] {
        let is_named = |left: &msp365::actions::Left| left.what.contains(kept) || left.why.contains(kept);
        assert!(back.left.iter().any(is_named), "{back}");
    }
}

#[tokio::test]
async fn who_is_not_there_takes_nothing_over() {
    let (desk, [ada, _, cleo, _], _) = taken_over().await;
    lead(&desk, &ada, &cleo).await;
    let facts = desk.facts(&Ask::user(&ada).others([NOBODY])).await;
    let reports = Offboard::user().block().hand_reports_to(NOBODY);
    let chief = Edit::default().manager(NOBODY);

    let (reports, chief) = (
        reports.plan(&facts, &open()).unwrap_err(),
        chief.plan(&facts, &open()).unwrap_err(),
    );

    assert_eq!(
        [reports.reason, chief.reason],
        [Reason::NoSuchUser, Reason::NoSuchUser]
    );
    let without = Offboard::user()
        .delete()
        .last_owner(LastOwner::Heir(NOBODY.to_owned()));
    assert!(without.plan(&facts, &open()).is_ok(), "Ada owns nothing");
}
