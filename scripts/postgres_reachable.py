"""Exit 0 when a PostgreSQL server answers at the address given as a URL, 1 with a line that says so otherwise."""

import sys

import psycopg


def main(url: str) -> int:
    try:
        with psycopg.connect(url, connect_timeout=2):
            return 0
    except psycopg.OperationalError:
        print("No PostgreSQL server reachable: its tests are skipped. Name one with POSTGRES_TEST_URL=postgres://…")
        return 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
