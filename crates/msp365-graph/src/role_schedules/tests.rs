use http::{HeaderMap, StatusCode};
use insta::assert_snapshot;
use msp365_core::{ErrorKind, Reply};

use super::*;
use crate::testing::{read, refused, shown};

fn wish() -> EligibilityWish {
    let start = "2026-03-01T00:00:00Z".parse().unwrap();
    EligibilityWish::assign("ada", "r", start, ScheduleEnd::After("P90D".to_owned()))
}

#[test]
fn schedules_are_asked_for() {
    assert_snapshot!(shown(&eligible()), @"GET roleManagement/directory/roleEligibilityScheduleInstances?$top=999");
    assert_snapshot!(shown(&eligibilities()), @"GET roleManagement/directory/roleEligibilitySchedules?$top=999");
    assert_snapshot!(shown(&active()), @"GET roleManagement/directory/roleAssignmentScheduleInstances?$top=999");
}

#[test]
fn somebody_is_made_eligible() {
    assert_snapshot!(shown(&request_eligibility(&wish())), @r#"
    POST roleManagement/directory/roleEligibilityScheduleRequests
    content-type: application/json
    {"action":"adminAssign","directoryScopeId":"/","justification":"","principalId":"ada","roleDefinitionId":"r","scheduleInfo":{"expiration":{"duration":"P90D","type":"afterDuration"},"startDateTime":"2026-03-01T00:00:00Z"}}
    "#);
    let mut wrong = wish();
    wrong.scope = "tenant".to_owned();
    assert!(refused(&request_eligibility(&wrong)));
}

#[test]
fn a_tenant_without_the_plan_says_so() {
    let body = r#"{"error":{"code":"AadPremiumLicenseRequired","message":"m"}}"#;

    let error = eligible()
        .decode(&Reply::new(StatusCode::BAD_REQUEST, HeaderMap::new(), body))
        .unwrap_err();

    assert_eq!(error.kind(), ErrorKind::Unlicensed);
}

#[test]
fn an_eligibility_without_end_is_read() {
    let body = r#"{"value":[{"id":"e","principalId":"ada","memberType":"Direct","endDateTime":null}]}"#;

    let rows = read(&eligible(), body).unwrap().items;

    assert_eq!(
        (rows[0].member_type.as_deref(), rows[0].end_date_time),
        (Some("Direct"), None)
    );
    assert!(rows[0].has(RoleSchedule::END_DATE_TIME));
}
