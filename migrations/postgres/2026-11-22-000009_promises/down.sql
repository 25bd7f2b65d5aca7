DROP TABLE promise_outcomes;
DROP TABLE promises;
