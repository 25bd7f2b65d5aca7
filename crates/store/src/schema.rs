//! The tables, in types that both databases have; a test compares this with either of them.

diesel::table! {
    practices (id) {
        id -> Text,
        handle -> Text,
        name -> Text,
        time_zone -> Text,
        created_at -> Timestamp,
        version -> BigInt,
    }
}

diesel::table! {
    practice_keys (practice_id, number) {
        practice_id -> Text,
        number -> Integer,
        master_key -> Text,
        wrapped -> Binary,
        made_at -> Timestamp,
    }
}

diesel::table! {
    audit_heads (practice_id) {
        practice_id -> Text,
        number -> BigInt,
        hash -> Binary,
    }
}

diesel::table! {
    audit_events (practice_id, number) {
        practice_id -> Text,
        number -> BigInt,
        id -> Text,
        at -> Timestamp,
        actor_kind -> Text,
        actor_id -> Nullable<Text>,
        sign_in_id -> Nullable<Text>,
        request_id -> Nullable<Text>,
        action -> Text,
        subject_id -> Text,
        couple_id -> Nullable<Text>,
        reason -> Nullable<Binary>,
        hash -> Binary,
    }
}

diesel::table! {
    idempotency_keys (practice_id, scope) {
        practice_id -> Text,
        scope -> Text,
        id -> Text,
        sealed -> Binary,
        created_at -> Timestamp,
    }
}

diesel::table! {
    staff (practice_id, id) {
        practice_id -> Text,
        id -> Text,
        role -> Text,
        sealed -> Binary,
        supervisor_id -> Nullable<Text>,
        ended_at -> Nullable<Timestamp>,
        created_at -> Timestamp,
        version -> BigInt,
    }
}

diesel::table! {
    clients (practice_id, id) {
        practice_id -> Text,
        id -> Text,
        sealed -> Binary,
        created_at -> Timestamp,
        version -> BigInt,
    }
}

diesel::table! {
    accounts (practice_id, id) {
        practice_id -> Text,
        id -> Text,
        staff_id -> Nullable<Text>,
        client_id -> Nullable<Text>,
        email_index -> Text,
        sealed -> Binary,
        created_at -> Timestamp,
        version -> BigInt,
    }
}

diesel::table! {
    invitations (practice_id, id) {
        practice_id -> Text,
        id -> Text,
        account_id -> Text,
        token_hash -> Text,
        created_at -> Timestamp,
        expires_at -> Timestamp,
    }
}

diesel::table! {
    sign_ins (practice_id, id) {
        practice_id -> Text,
        id -> Text,
        account_id -> Text,
        sealed -> Binary,
        created_at -> Timestamp,
        last_used_at -> Timestamp,
        idle_until -> Timestamp,
        expires_at -> Timestamp,
        ended_at -> Nullable<Timestamp>,
    }
}

diesel::table! {
    refresh_tokens (practice_id, sign_in_id, token_hash) {
        practice_id -> Text,
        sign_in_id -> Text,
        token_hash -> Text,
        spent_at -> Nullable<Timestamp>,
        successor -> Nullable<Binary>,
    }
}

diesel::table! {
    throttles (practice_id, id) {
        practice_id -> Text,
        id -> Text,
        failures -> Integer,
        last_at -> Timestamp,
    }
}

diesel::table! {
    couples (practice_id, id) {
        practice_id -> Text,
        id -> Text,
        sealed -> Binary,
        status -> Text,
        time_zone -> Text,
        primary_counselor_id -> Text,
        opened_on -> Date,
        closed_on -> Nullable<Date>,
        separated_on -> Nullable<Date>,
        created_at -> Timestamp,
        version -> BigInt,
    }
}

diesel::table! {
    care_team (practice_id, couple_id, staff_id) {
        practice_id -> Text,
        couple_id -> Text,
        staff_id -> Text,
        position -> Integer,
    }
}

diesel::table! {
    partners (practice_id, id) {
        practice_id -> Text,
        id -> Text,
        couple_id -> Text,
        client_id -> Text,
        from_on -> Date,
        until_on -> Nullable<Date>,
        position -> Integer,
    }
}

diesel::table! {
    breaches (practice_id, id) {
        practice_id -> Text,
        id -> Text,
        couple_id -> Text,
        sealed -> Binary,
        created_at -> Timestamp,
        version -> BigInt,
    }
}

diesel::table! {
    policies (practice_id, id) {
        practice_id -> Text,
        id -> Text,
        couple_id -> Text,
        number -> Integer,
        kind -> Text,
        in_force_from -> Date,
        sealed -> Binary,
        created_at -> Timestamp,
        version -> BigInt,
    }
}

diesel::table! {
    acknowledgements (practice_id, policy_id, partner_id) {
        practice_id -> Text,
        policy_id -> Text,
        partner_id -> Text,
        at -> Timestamp,
        recorded_by_staff_id -> Nullable<Text>,
    }
}

diesel::table! {
    safety (practice_id, couple_id, partner_id) {
        practice_id -> Text,
        couple_id -> Text,
        partner_id -> Text,
        sealed -> Binary,
        version -> BigInt,
    }
}

diesel::table! {
    own_exercises (practice_id, id) {
        practice_id -> Text,
        id -> Text,
        latest -> Integer,
        archived_at -> Nullable<Timestamp>,
        created_at -> Timestamp,
        version -> BigInt,
    }
}

diesel::table! {
    own_exercise_versions (practice_id, own_exercise_id, number) {
        practice_id -> Text,
        own_exercise_id -> Text,
        number -> Integer,
        id -> Text,
        by_id -> Text,
        sealed -> Binary,
        created_at -> Timestamp,
    }
}

diesel::table! {
    own_assignments (practice_id, assignment_id) {
        practice_id -> Text,
        assignment_id -> Text,
        couple_id -> Text,
        own_exercise_id -> Text,
        number -> Integer,
    }
}

diesel::table! {
    assignments (practice_id, id) {
        practice_id -> Text,
        id -> Text,
        couple_id -> Text,
        exercise -> Text,
        breach_id -> Nullable<Text>,
        assigned_by_id -> Text,
        assigned_at -> Timestamp,
        ended_at -> Nullable<Timestamp>,
        sealed -> Binary,
        version -> BigInt,
        ended_how -> Nullable<Text>,
    }
}

diesel::table! {
    standings (practice_id, assignment_id, partner_id) {
        practice_id -> Text,
        assignment_id -> Text,
        partner_id -> Text,
        status -> Text,
        changed_at -> Timestamp,
        position -> Integer,
        answered_on -> Nullable<Date>,
    }
}

diesel::table! {
    entries (practice_id, id) {
        practice_id -> Text,
        id -> Text,
        assignment_id -> Text,
        couple_id -> Text,
        kind -> Text,
        author -> Text,
        occurrence_on -> Date,
        recorded_on -> Date,
        visibility -> Text,
        embargoed_until -> Nullable<Date>,
        submitted_at -> Nullable<Timestamp>,
        reviewed_at -> Nullable<Timestamp>,
        number -> Integer,
        sealed -> Binary,
        created_at -> Timestamp,
        version -> BigInt,
    }
}

diesel::table! {
    entry_versions (practice_id, entry_id, number) {
        practice_id -> Text,
        entry_id -> Text,
        number -> Integer,
        id -> Text,
        sealed -> Binary,
        replaced_at -> Timestamp,
    }
}

diesel::table! {
    reviews (practice_id, id) {
        practice_id -> Text,
        id -> Text,
        entry_id -> Text,
        couple_id -> Text,
        by_id -> Text,
        at -> Timestamp,
        flagged_for_session -> Bool,
        sealed -> Binary,
    }
}

diesel::table! {
    flags (practice_id, review_id) {
        practice_id -> Text,
        review_id -> Text,
        entry_id -> Text,
        couple_id -> Text,
        flagged_by_id -> Text,
        flagged_at -> Timestamp,
        taken_up_at -> Nullable<Timestamp>,
        taken_up_by_id -> Nullable<Text>,
        session_id -> Nullable<Text>,
    }
}

diesel::table! {
    promises (practice_id, id) {
        practice_id -> Text,
        id -> Text,
        couple_id -> Text,
        maker_id -> Text,
        to_id -> Text,
        assignment_id -> Nullable<Text>,
        starts_on -> Date,
        until_on -> Nullable<Date>,
        status -> Text,
        sealed -> Binary,
        created_at -> Timestamp,
        version -> BigInt,
    }
}

diesel::table! {
    promise_outcomes (practice_id, promise_id, due_on) {
        practice_id -> Text,
        promise_id -> Text,
        due_on -> Date,
        couple_id -> Text,
        claim -> Text,
        claimed_at -> Timestamp,
        claimed_by_staff_id -> Nullable<Text>,
        confirmation -> Nullable<Text>,
        confirmed_at -> Nullable<Timestamp>,
        confirmed_by_staff_id -> Nullable<Text>,
        version -> BigInt,
    }
}

diesel::table! {
    instruments (practice_id, id) {
        practice_id -> Text,
        id -> Text,
        slug -> Text,
        sealed -> Binary,
        archived_at -> Nullable<Timestamp>,
        created_at -> Timestamp,
        version -> BigInt,
    }
}

diesel::table! {
    scores (practice_id, id) {
        practice_id -> Text,
        id -> Text,
        couple_id -> Text,
        partner_id -> Text,
        instrument -> Text,
        shared_with_partner -> Bool,
        superseded_by_id -> Nullable<Text>,
        entered_by_id -> Text,
        sealed -> Binary,
        created_at -> Timestamp,
        version -> BigInt,
    }
}

diesel::table! {
    sessions (practice_id, id) {
        practice_id -> Text,
        id -> Text,
        couple_id -> Text,
        partner_id -> Nullable<Text>,
        counselor_id -> Text,
        starts_at -> Timestamp,
        sealed -> Binary,
        created_at -> Timestamp,
        version -> BigInt,
        status -> Nullable<Text>,
    }
}

diesel::table! {
    notes (practice_id, id) {
        practice_id -> Text,
        id -> Text,
        session_id -> Text,
        couple_id -> Text,
        author_id -> Text,
        sealed -> Binary,
        created_at -> Timestamp,
        changed_at -> Timestamp,
        discarded_at -> Nullable<Timestamp>,
        signed_at -> Nullable<Timestamp>,
        signed_by_id -> Nullable<Text>,
        signature -> Nullable<Binary>,
        cosigned_at -> Nullable<Timestamp>,
        cosigned_by_id -> Nullable<Text>,
        cosignature -> Nullable<Binary>,
        version -> BigInt,
    }
}

diesel::table! {
    note_versions (practice_id, note_id, number) {
        practice_id -> Text,
        note_id -> Text,
        number -> BigInt,
        id -> Text,
        by_id -> Text,
        at -> Timestamp,
        sealed -> Binary,
        hash -> Binary,
    }
}

diesel::table! {
    note_addenda (practice_id, note_id, number) {
        practice_id -> Text,
        note_id -> Text,
        number -> BigInt,
        id -> Text,
        by_id -> Text,
        at -> Timestamp,
        sealed -> Binary,
        signature -> Binary,
    }
}

diesel::table! {
    psychotherapy_notes (practice_id, id) {
        practice_id -> Text,
        id -> Text,
        author_id -> Text,
        couple_id -> Text,
        session_id -> Nullable<Text>,
        sealed -> Binary,
        created_at -> Timestamp,
        changed_at -> Timestamp,
        version -> BigInt,
    }
}

diesel::table! {
    exports (practice_id, id) {
        practice_id -> Text,
        id -> Text,
        couple_id -> Text,
        requested_by_id -> Text,
        status -> Text,
        done -> BigInt,
        total -> BigInt,
        sealed -> Binary,
        created_at -> Timestamp,
        finished_at -> Nullable<Timestamp>,
        expires_at -> Nullable<Timestamp>,
        version -> BigInt,
    }
}

diesel::table! {
    export_files (practice_id, export_id) {
        practice_id -> Text,
        export_id -> Text,
        sealed -> Binary,
    }
}

diesel::table! {
    jobs (practice_id, id) {
        practice_id -> Text,
        id -> Text,
        kind -> Text,
        subject_id -> Text,
        due_at -> Timestamp,
        attempts -> Integer,
        claimed_until -> Nullable<Timestamp>,
        finished_at -> Nullable<Timestamp>,
    }
}

diesel::table! {
    programs (practice_id, id) {
        practice_id -> Text,
        id -> Text,
        archived_at -> Nullable<Timestamp>,
        sealed -> Binary,
        created_at -> Timestamp,
        version -> BigInt,
    }
}

diesel::table! {
    program_runs (practice_id, id) {
        practice_id -> Text,
        id -> Text,
        couple_id -> Text,
        program_id -> Nullable<Text>,
        status -> Text,
        started_by_id -> Text,
        started_at -> Timestamp,
        sealed -> Binary,
        version -> BigInt,
    }
}

diesel::table! {
    program_run_assignments (practice_id, assignment_id) {
        practice_id -> Text,
        assignment_id -> Text,
        run_id -> Text,
    }
}

diesel::allow_tables_to_appear_in_same_query!(
    couples,
    care_team,
    partners,
    staff,
    clients,
    entries,
    assignments,
    standings,
    sessions,
    scores,
    notes,
    flags,
    exports,
    own_exercises,
    own_exercise_versions,
    own_assignments,
    program_run_assignments
);
diesel::allow_tables_to_appear_in_same_query!(accounts, sign_ins, invitations, staff);
