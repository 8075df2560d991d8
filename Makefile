# `make` lists the targets.
.DEFAULT_GOAL := help
.PHONY: help run run-worker seed-db test load-test format lint check docker-up docker-down

COMPOSE := $(shell docker compose version >/dev/null 2>&1 && echo docker compose || echo docker-compose)
URL ?= http://127.0.0.1:8080

help: ## lists the targets
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "%-12s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

run: ## runs the service on 127.0.0.1:8080, with an embedded database if LASTWORD_DB_URL is not set
	./lastword serve

run-worker: ## runs another node on LASTWORD_DB_URL, for promotion, on a port that no client uses (8081)
	@: $${LASTWORD_DB_URL:?must be the database of the other nodes}
	LASTWORD_HOST=127.0.0.1 LASTWORD_PORT=$${LASTWORD_PORT:-8081} ./lastword serve

seed-db: ## lets simulated typists use the service at URL, for example data
	./lastword demo --url $(URL)

test: ## runs all tests on LASTWORD_TEST_DB_URL, else Docker, else the embedded MariaDB
	mvn -B verify

load-test: ## sends keystrokes to the service at URL for ten seconds
	load-tests/keystrokes $(URL)

format: ## formats the code
	mvn -B -q spotless:apply

lint: ## checks the format, the code and the compose file
	mvn -B -q spotless:check test-compile
	ops/check-compose

check: ## runs everything that CI runs: the tests on MariaDB and on MySQL, the commands of the README
	.ci/run

docker-up: ## starts two nodes, MySQL and a load balancer at 127.0.0.1:8080
	$(COMPOSE) up --build --detach

docker-down: ## stops them, and keeps the database's volume
	$(COMPOSE) down
