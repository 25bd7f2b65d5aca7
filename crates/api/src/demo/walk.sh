# A walk through the main job. Paste it into bash, line by line, while the server runs. It needs curl and sed.

URL={url}; COUPLE={couple}; NAOMI={naomi}; THEO={theo}; SESSION={session}
json() { curl -s -X "$1" -H "Authorization: Bearer $2" -H 'Content-Type: application/json' -w '\n%{http_code}\n' "$URL$3" "${@:4}"; }
id_of() { sed -n 's/^{"id":"\([^"]*\)".*/\1/p'; }
sign_in() { curl -s -H 'Content-Type: application/json' -d "{\"practice\":\"{practice}\",\"email\":\"$1@lantern.example\",\"password\":\"{password}\"}" "$URL/v1/sign-ins" | sed -n 's/^{"access_token":"\([^"]*\)".*/\1/p'; }

# 1. Anna, a counselor, signs in and looks at her caseload: two of the practice's three couples, each at a glance.
ANNA=$(sign_in anna)
json GET "$ANNA" /v1/caseload

# 2. What is on the agenda of Naomi's and Theo's next session, and how far are they with the apology?
json GET "$ANNA" "/v1/couples/$COUPLE/agenda"
json GET "$ANNA" "/v1/couples/$COUPLE/exercises/apology"

# 3. She gives them an exercise: to reaffirm their commitment.
ASSIGNMENT=$(json POST "$ANNA" "/v1/couples/$COUPLE/assignments" -H "Idempotency-Key: walk-$RANDOM-$RANDOM" -d '{"exercise":"reaffirm-commitment","instructions":"One small act a day, unasked."}' | tee -a /dev/stderr | id_of)

# 4. Theo signs in, records an entry for it and hands it in. If-Match says which version he means.
THEO_IN=$(sign_in theo)
ENTRY=$(json POST "$THEO_IN" "/v1/assignments/$ASSIGNMENT/entries" -d '{"answers":{"type":"commitment_act","act":"Put the kettle on before she was up.","form":"gesture","planning":"spontaneous"},"difficulty":2}' | tee -a /dev/stderr | id_of)
json POST "$THEO_IN" "/v1/entries/$ENTRY/submission" -H 'If-Match: "1"'

# 5. He tries a sentence before he says it. The check advises, and what it reads is kept nowhere.
json POST "$THEO_IN" /v1/deflection-checks -d '{"text":"I am sorry if you felt hurt, but I was very unhappy that year."}'

# 6. Anna sees what waits for review, reads Theo's entry as the last of them, and answers it.
json GET "$ANNA" '/v1/review-queue?limit=100'
json POST "$ANNA" "/v1/entries/$ENTRY/reviews" -d '{"feedback":"Small and unasked: just right.","flagged_for_session":true}'

# 7. How are they doing? What both may see, and each beside the other. Activity and outcome are never added up.
json GET "$ANNA" "/v1/couples/$COUPLE/progress?view=shared"
json GET "$ANNA" "/v1/couples/$COUPLE/progress?view=side_by_side"

# 8. One figure of it as a picture, to look at in the session: how well each felt heard, week by week.
curl -s -f -H "Authorization: Bearer $ANNA" -o tenfold-demo-felt-heard.svg "$URL/v1/couples/$COUPLE/progress/chart.svg?view=side_by_side&measure=felt_heard" && ls -l tenfold-demo-felt-heard.svg

# 9. Did they change by more than chance? By the points published for a questionnaire, each for themselves.
json GET "$ANNA" "/v1/couples/$COUPLE/reliable-change?instrument=rdas"

# 10. Theo may see the shared view and his own, but not Naomi's (403), and no notes (403).
json GET "$THEO_IN" "/v1/couples/$COUPLE/progress?view=separate&partner_id=$NAOMI"
json GET "$THEO_IN" "/v1/couples/$COUPLE/notes"

# 11. Anna writes a note about their last session and signs it.
NOTE=$(json POST "$ANNA" "/v1/sessions/$SESSION/notes" -d '{"body":{"format":"dap","data":"They compared three months on paper.","assessment":"Trust grows where promises are kept.","plan":"Acts of commitment, unasked."}}' | tee -a /dev/stderr | id_of)
json POST "$ANNA" "/v1/notes/$NOTE/signature" -H 'If-Match: "1"'

# 12. A signed note is locked: to change it is refused (409). She adds an addendum instead.
json PATCH "$ANNA" "/v1/notes/$NOTE" -H 'If-Match: "2"' -d '{"body":{"format":"free","text":"Something else."}}'
json POST "$ANNA" "/v1/notes/$NOTE/addenda" -d '{"text":"Theo called: they will bring the calendar next time."}'

# 13. She exports the notes: the job is done in the background, then the ZIP can be fetched.
EXPORT=$(json POST "$ANNA" /v1/exports -d '{"couple_id":"'$COUPLE'","from":"{from}","until":"{until}","formats":["markdown","ndjson"],"partitions":[{"kind":"joint"},{"kind":"partner","partner_id":"'$NAOMI'"}],"purpose":"treatment"}' | tee -a /dev/stderr | id_of)
for _ in $(seq 30); do json GET "$ANNA" "/v1/exports/$EXPORT" | grep -q '"status":"succeeded"' && break; sleep 1; done
curl -s -f -H "Authorization: Bearer $ANNA" -o tenfold-demo-notes.zip "$URL/v1/exports/$EXPORT/file" && ls -l tenfold-demo-notes.zip

# 14. Ingrid, the owner, reads the audit trail of this couple: everything above is in it, reads included.
INGRID=$(sign_in ingrid)
json GET "$INGRID" "/v1/audit-events?couple_id=$COUPLE&limit=20"
