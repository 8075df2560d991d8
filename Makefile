# Each target explains itself: `make` lists them.
.DEFAULT_GOAL := help
.PHONY: help run run-worker seed-db test load-test lint docker-up docker-down

COMPOSE := $(shell docker compose version >/dev/null 2>&1 && echo docker compose || echo docker-compose)
URL ?= http://127.0.0.1:8080

help: ## lists the targets
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "%-12s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

run: ## serves on 127.0.0.1:8080, with a database of its own if LASTWORD_DB_URL is not set
	./lastword serve

run-worker: ## a node that only promotes: it shares LASTWORD_DB_URL, on a port that no client knows (8081)
	@: $${LASTWORD_DB_URL:?must name the database that the worker shares with the other nodes}
	LASTWORD_HOST=127.0.0.1 LASTWORD_PORT=$${LASTWORD_PORT:-8081} ./lastword serve

seed-db: ## lets simulated typists use the service at URL, so that there is something to look at
	./lastword demo --url $(URL)

test: ## all tests, on LASTWORD_TEST_DB_URL, else Docker, else the embedded MariaDB
	mvn -B verify

load-test: ## ten seconds of keystrokes against the service at URL
	load-tests/keystrokes $(URL)

lint: ## format, compiler checks, compose file
	mvn -B -q spotless:check test-compile
	ops/check-compose

docker-up: ## two nodes, MySQL and a load balancer at 127.0.0.1:8080
	$(COMPOSE) up --build --detach

docker-down: ## ends them; the database's volume stays
	$(COMPOSE) down
