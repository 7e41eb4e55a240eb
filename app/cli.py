"""The command line. Each command reads its options, calls one function, and prints what the gate released.

Heavy libraries are imported inside the commands: ``cpo --help`` costs under a second.
"""

from __future__ import annotations

import asyncio
import json
import sys
from collections.abc import Callable, Generator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from app.content_commands import content_commands
from app.disturbance import Disturbance
from app.domain.errors import CpoError, UserFixable
from app.export_commands import export_commands
from app.linefiles import read_lines, whole_file

if TYPE_CHECKING:
    from app.agent import Reply
    from app.console import Console
    from app.domain.people import Person
    from app.wiring import Application

app = typer.Typer(
    name="cpo", no_args_is_help=True, add_completion=False, pretty_exceptions_enable=False,
    help="Build campaigns from a sentence: audience, approved copy, checks, experiment.",
)  # fmt: skip
audit_app = typer.Typer(no_args_is_help=True, help="Verify or export the audit of every decision.")
db_app = typer.Typer(no_args_is_help=True, help="Keep the database.")
users_app = typer.Typer(no_args_is_help=True, help="Keep the users file: who may come in, and what they may do.")
app.add_typer(audit_app, name="audit")
app.add_typer(users_app, name="users")
app.add_typer(db_app, name="db")

AsJson = Annotated[bool, typer.Option("--json", help="Print one JSON object.")]
DataPath = Annotated[Path | None, typer.Option("--data", help="File or folder to read instead of the loaded data.")]
AsOf = Annotated[str | None, typer.Option("--as-of", help="Reference date, YYYY-MM-DD.")]
Mapped = Annotated[list[str] | None, typer.Option("--map", help="column=field, to correct the proposed mapping.")]


@contextmanager
def opened() -> Generator[tuple[Application, Console]]:
    """Give the application and the console; turn product errors into exit codes and released messages."""
    application: Application | None = None
    try:
        from app.console import Console
        from app.wiring import build_application

        application = build_application()
        yield application, Console(application.gate)
    except CpoError as error:
        from app.console import complain

        raise typer.Exit(complain(error, application.gate if application else None)) from None
    except BrokenPipeError:
        raise typer.Exit(0) from None
    finally:
        if application is not None:
            application.close()


def print_result(
    console: Console, result: dict[str, Any], as_json: bool, words: Callable[[dict[str, Any]], str]
) -> None:
    """Print a result as JSON or in words."""
    if as_json:
        console.json(result)
    else:
        console.say(words(result))


def parsed_mapping(pairs: list[str] | None) -> dict[str, str]:
    """Return ``--map column=field`` options as a mapping."""
    mapping: dict[str, str] = {}
    for pair in pairs or []:
        column, equals, field = pair.rpartition("=")
        if not equals or not column or not field:
            raise UserFixable(f"--map {pair!r} is not column=field.", hint="For example: --map Invoice=order_id")
        mapping[column] = field
    return mapping


def at_the_keyboard(application: Application, name: str) -> Person:
    """Return who gives this command; with a users file the password is asked for, or read from a pipe."""
    password = read_password("Password") if application.settings.users_file is not None else None
    return application.people.at_the_terminal(name, password)


def read_password(prompt: str, *, twice: bool = False) -> str:
    """Return a password from the terminal without showing it, or the first line of a pipe."""
    if sys.stdin.isatty():
        return str(typer.prompt(prompt, hide_input=True, confirmation_prompt=twice, err=True))
    return sys.stdin.readline().rstrip("\n")


# --- talking


@app.command()
def serve(
    host: Annotated[str | None, typer.Option(help="Address; other than loopback needs a login.")] = None,
    port: Annotated[int | None, typer.Option(help="Port.")] = None,
) -> None:
    """Serve the chat and the REST interface."""
    from app.api import serve_forever

    try:
        serve_forever(host, port)
    except CpoError as error:
        from app.console import complain

        raise typer.Exit(complain(error, None)) from None


@app.command()
def ask(
    text: Annotated[str, typer.Argument(help="What you would say in the chat.")],
    conversation: Annotated[str | None, typer.Option(help="Go on with this conversation.")] = None,
    as_json: AsJson = False,
) -> None:
    """Say one thing and get the reply."""
    with opened() as (application, console):
        from app.agent import as_json as turn_json
        from app.domain.entities import fresh_id

        reply = asyncio.run(_one_turn(application, conversation or fresh_id("cnv"), text))
        if as_json:
            console.json(turn_json(reply))
            return
        console.emit(reply.text)
        for approval in reply.turn.pending_approvals:
            console.say(f"Waiting for approval: `cpo approve {approval.id} --as YOUR-NAME`")
        console.say(f"(conversation {reply.turn.conversation_id}, turn {reply.turn.id})")


async def _one_turn(application: Application, conversation_id: str, text: str) -> Reply:
    try:
        return await application.agent.reply(conversation_id, text)
    finally:
        await application.agent.close()


@app.command()
def approve(
    approval_id: Annotated[str, typer.Argument(metavar="ID")],
    person: Annotated[str, typer.Option("--as", help="Your name; it is recorded.")],
    as_json: AsJson = False,
) -> None:
    """Approve a pending launch or export. What it covers and its digest are shown first."""
    with opened() as (application, console):
        shown = application.effects.show(approval_id)
        if not as_json:
            console.say(shown.words)
        done = application.effects.approve(approval_id, at_the_keyboard(application, person), shown.digest)
        print_result(console, done.as_json(), as_json, lambda _: done.words)


@app.command()
def reject(
    approval_id: Annotated[str, typer.Argument(metavar="ID")],
    person: Annotated[str, typer.Option("--as", help="Your name; it is recorded.")] = "local",
) -> None:
    """Reject a pending launch or export."""
    with opened() as (application, console):
        application.effects.reject(approval_id, at_the_keyboard(application, person))
        console.say("Rejected. Nothing was done.")


@app.command()
def trace(
    turn: Annotated[str, typer.Argument(help="Turn id, as printed by `cpo ask`.")],
    replay: Annotated[bool, typer.Option("--replay", help="Run it again from its recorded answers.")] = False,
    as_json: AsJson = False,
) -> None:
    """Show the calls of a stored turn: function, arguments, result, milliseconds, verdict."""
    with opened() as (application, console):
        from app.trace import replay as run_again
        from app.trace import trace_of, trace_words

        if replay:
            differences = asyncio.run(run_again(application, turn))
            result = {"turn": turn, "same": not differences, "differences": differences}
            words = "The same calls and the same text." if not differences else "\n".join(f"- {d}" for d in differences)
            print_result(console, result, as_json, lambda _: words)
            if differences:
                raise typer.Exit(1)
            return
        print_result(console, trace_of(application.store, turn), as_json, trace_words)


@app.command()
def report(
    campaign: Annotated[str, typer.Argument(metavar="ID", help="Id of a campaign, or words of its name.")],
    results: Annotated[
        bool, typer.Option("--results", help="The result report instead of the campaign sheet.")
    ] = False,
    out: Annotated[
        Path | None, typer.Option(help="File to write; ID-sheet.html or ID-results.html without it.")
    ] = None,
) -> None:
    """Write the campaign sheet or the result report: one HTML page that stands alone and prints."""
    with opened() as (application, console):
        from app.files import write_released
        from app.report import make_report

        application.prepare()
        made = make_report(application, campaign, "results" if results else "sheet", "local")
        target = out or Path(made.name)
        write_released(application.gate, target, made.page)
        console.say(f"{made.words} Written to {target.name}.")


# --- data


@app.command()
def ingest(
    kind: Annotated[str, typer.Argument(help="customers, transactions, content or results")],
    file: Annotated[Path, typer.Argument(help="File or folder.")],
    mapping: Mapped = None,
    experiment: Annotated[str | None, typer.Option(help="Experiment or campaign, for results.")] = None,
    as_json: AsJson = False,
) -> None:
    """Load data. The column mapping is shown; what cannot be read is listed, nothing is lost silently."""
    with opened() as (application, console):
        report = application.loading.ingest(kind, str(file), parsed_mapping(mapping), experiment=experiment)
        print_result(console, report.as_json(), as_json, lambda _: report.words)


@app.command()
def audience(
    definition: Annotated[str | None, typer.Argument(help="JSON, a file with it, or the words cpo prints.")] = None,
    say: Annotated[str | None, typer.Option("--say", help="The audience in your own words.")] = None,
    data: DataPath = None,
    as_of: AsOf = None,
    channel: Annotated[str, typer.Option(help="email, sms or push")] = "email",
    mapping: Mapped = None,
    as_json: AsJson = False,
) -> None:
    """Count an audience: definition, words, matched, the digest of the ids, the funnel."""
    with opened() as (application, console):
        from plugins.segmentation.command import audience as count_audience
        from plugins.segmentation.command import audience_words, parse_definition

        if (definition is None) == (say is None):
            raise UserFixable("Give a definition or --say, one of the two.", hint='cpo audience --say "lapsed VIPs"')
        with application.shop_at(data, as_of, parsed_mapping(mapping)) as shop:
            wanted, unread = (parse_definition(definition), ()) if definition else application.conditions_in(say or "")
            result = count_audience(shop, wanted, channel=channel, unread=unread)
        print_result(console, result, as_json, audience_words)


@app.command()
def segment(
    method: Annotated[str, typer.Option(help="rfm, kmeans, hdbscan, dbscan or hierarchical")] = "rfm",
    data: DataPath = None,
    as_of: AsOf = None,
    tie_rule: Annotated[str, typer.Option(help="cut, cut_repeat or ntile")] = "cut_repeat",
    k: Annotated[int | None, typer.Option(help="Number of clusters; chosen when left out.")] = None,
    labels: Annotated[str | None, typer.Option(help="Column of --data with hand-made labels to learn from.")] = None,
    assignments: Annotated[Path | None, typer.Option(help="Write customer_id,segment here (CSV).")] = None,
    mapping: Mapped = None,
    as_json: AsJson = False,
) -> None:
    """Segment the customers; everybody is counted."""
    with opened() as (application, console):
        from plugins.segmentation.command import read_labels, segment_words
        from plugins.segmentation.command import segment as segment_shop

        if labels and data is None:
            raise UserFixable("--labels names a column of --data.", hint="Give the table with the labels as --data.")
        columns = parsed_mapping(mapping)
        with application.shop_at(data, as_of, columns) as shop:
            known = read_labels(data, labels, columns or None) if labels and data else None
            result = segment_shop(shop, method=method, tie_rule=tie_rule, k=k, labels=known, assignments=assignments)
        print_result(console, result, as_json, segment_words)


@app.command()
def search(
    query: Annotated[str, typer.Argument()],
    channel: Annotated[str | None, typer.Option(help="email, sms or push")] = None,
    limit: Annotated[int, typer.Option(min=1, max=20)] = 5,
    as_json: AsJson = False,
) -> None:
    """Search the approved content."""
    with opened() as (application, console):
        from app.domain.content import ContentFilter

        application.prepare()
        where = ContentFilter(on=application.today, locale="en-US", channel=channel)  # pyright: ignore[reportArgumentType]
        index = application.content
        hits = index.search(query, where, theme=None, limit=limit)
        result = {
            "engine": index.engine,
            "query": query,
            "threshold": index.threshold,
            "hits": [hit.model_dump(mode="json") for hit in hits],
        }
        lines = [f"- {hit.title} (`{hit.document_id}`, {hit.score:.2f}): {hit.snippet}" for hit in hits]
        print_result(console, result, as_json, lambda _: "\n".join(lines) or "Nothing approved was found.")


# --- checks in bulk


@app.command()
def screen(
    jsonl: Annotated[tuple[Path, Path], typer.Option("--jsonl", metavar="IN OUT", help="{id, text, surface} a line.")],
    policy: Annotated[Path | None, typer.Option(help="Another policy folder or file.")] = None,
) -> None:
    """Screen texts in bulk; the order is kept and a bad line is answered in its place."""
    with opened() as (application, console):
        from plugins.safety.bulk import screen_lines

        screening = application.bulk_screening(policy)
        with read_lines(jsonl[0]) as lines, whole_file(jsonl[1]) as target:
            done = screen_lines(lines, target, screening)
            application.record_bulk("screen", done.lines, done.decisions)  # no entry in the audit, no file
        console.say(done.words)


@app.command()
def ground(
    jsonl: Annotated[
        tuple[Path, Path], typer.Option("--jsonl", metavar="IN OUT", help="{id, as_of, channel, sources, copy} a line.")
    ],
) -> None:
    """Check copy against its sources in bulk."""
    with opened() as (_, console):
        from plugins.generation.grounding.bulk import ground_lines

        count = 0
        with read_lines(jsonl[0]) as lines, whole_file(jsonl[1]) as target:
            for line in ground_lines(lines):
                target.write(line.rstrip("\n") + "\n")
                count += 1
        console.say(f"{count} texts checked.")


# --- experiments


@app.command()
def power(
    n: Annotated[int, typer.Option("--n", help="People in the audience.")],
    arms: Annotated[int, typer.Option(help="Arms, the control included.")] = 2,
    baseline: Annotated[
        float, typer.Option(help="Rate of the control (0 to 1), or money per person with --sd.")
    ] = 0.02,
    lift: Annotated[float | None, typer.Option(help="Relative lift to find; 0.1 is 10 %.")] = None,
    holdout: Annotated[float, typer.Option(help="Share kept out of the test.")] = 0.0,
    power_wanted: Annotated[float, typer.Option("--power")] = 0.8,
    alpha: Annotated[float, typer.Option()] = 0.05,
    sd: Annotated[float | None, typer.Option(help="Standard deviation of money per person.")] = None,
    control_share: Annotated[float | None, typer.Option(help="Share of the control among the arms.")] = None,
    daily: Annotated[float | None, typer.Option(help="People reached a day, for the duration.")] = None,
    value: Annotated[float | None, typer.Option(help="Money that a conversion brings.")] = None,
    as_json: AsJson = False,
) -> None:
    """Say what an audience can tell, and say no when it cannot."""
    with opened() as (_, console):
        from plugins.experiment.commands import power_answer

        result = power_answer(
            n=n, arms=arms, baseline=baseline, lift=lift, holdout=holdout, power=power_wanted, alpha=alpha, sd=sd,
            control_share=control_share, daily_volume=daily, order_value=value,
        )  # fmt: skip
        print_result(console, result, as_json, lambda r: str(r["words"]))


@app.command()
def readout(
    data: DataPath = None,
    arm: Annotated[str | None, typer.Option(help="Column with the arm.")] = None,
    control: Annotated[str | None, typer.Option(help="Name of the control arm.")] = None,
    outcome: Annotated[list[str] | None, typer.Option(help="Outcome column; repeatable, the first decides.")] = None,
    primary: Annotated[str | None, typer.Option(help="The outcome that decides.")] = None,
    covariate: Annotated[str | None, typer.Option(help="Column measured before the test (CUPED).")] = None,
    by: Annotated[list[str] | None, typer.Option(help="Column to break the effect down by.")] = None,
    strata: Annotated[list[str] | None, typer.Option(help="Column the assignment was stratified by.")] = None,
    planned: Annotated[str | None, typer.Option(help="Planned shares, name=share,... for the SRM check.")] = None,
    looks: Annotated[str | None, typer.Option(help="Information fractions so far, e.g. 0.25,0.5.")] = None,
    guardrail: Annotated[list[str] | None, typer.Option(help="column or column=margin.")] = None,
    kind: Annotated[list[str] | None, typer.Option(help="column=binary or column=money.")] = None,
    alpha: Annotated[float, typer.Option()] = 0.05,
    as_json: AsJson = False,
) -> None:
    """Read an experiment out from rows, or from counts as JSON on stdin."""
    with opened() as (_, console):
        from plugins.experiment.commands import readout_file, readout_json, readout_lines

        if data is None:
            result = readout_json(sys.stdin.read(), control=control)
        else:
            if arm is None or not outcome:
                raise UserFixable(
                    "A readout of rows needs --arm and --outcome.",
                    hint="For example: cpo readout --data people.csv --arm arm --control control --outcome converted",
                )
            result = readout_file(
                data, arm=arm, control=control, outcomes=outcome, covariate=covariate, by=by or [],
                strata=strata or [], primary=primary, planned=planned, alpha=alpha, looks=looks,
                guardrails=guardrail or [], kinds=kind or [],
            )  # fmt: skip
        print_result(console, result, as_json, lambda body: "\n\n".join(readout_lines(body)))


@app.command()
def evaluate(
    cases: Annotated[Path, typer.Argument(help="A conversation file, or a folder of them.")],
    predictions: Annotated[Path | None, typer.Option(help="Write predictions here (JSON lines).")] = None,
    baseline: Annotated[Path | None, typer.Option(help="Compare with this file.")] = None,
    disturb: Annotated[Disturbance | None, typer.Option(help="Reword every message first.")] = None,
    runs: Annotated[int, typer.Option(min=1, max=16, help="Run this often: what is right every time (pass^k).")] = 1,
    as_json: AsJson = False,
) -> None:
    """Score the planner on conversations; exit 1 below the thresholds."""
    with opened() as (application, console):
        from app.staging import evaluate_planner

        outcome = evaluate_planner(application.settings, cases, predictions, baseline, disturb, runs)
        print_result(console, outcome.as_json(), as_json, lambda _: outcome.table)
        if not outcome.passed:
            raise typer.Exit(1)


# --- keeping house
@app.command()
def blocklist() -> None:
    """Make the blocklist on Azure AI Content Safety hold what the brand never says (edits take minutes to apply)."""
    with opened() as (application, console):
        added, removed = application.sync_blocklist()
        console.say(f"{added} terms added, {removed} removed; the local rules hold the same terms.")


@audit_app.command("verify")
def audit_verify(as_json: AsJson = False) -> None:
    """Check the chain, its codes and the signed checkpoints; name the first bad row."""
    with opened() as (application, console):
        application.store.checkpoint()
        count, problem = application.store.verify_audit()
        result = {
            "rows": count,
            "intact": problem is None,
            "first_bad": problem.seq if problem else None,
            "problem": problem.problem if problem else None,
        }
        words = f"{count} rows, intact." if problem is None else f"Row {problem.seq}: {problem.problem}."
        print_result(console, result, as_json, lambda _: words)
        if problem is not None:
            raise typer.Exit(1)


@audit_app.command("export")
def audit_export(file: Annotated[Path, typer.Argument(help="JSON lines, one decision a line.")]) -> None:
    """Write every decision as JSON lines, with counts that reconcile."""
    with opened() as (application, console):
        from app.trace import audit_lines

        rows, counts = audit_lines(application.store)
        with whole_file(file) as target:
            for row in rows:
                target.write(json.dumps(row, ensure_ascii=True) + "\n")
        said = ", ".join(f"{count} {name}" for name, count in sorted(counts.items()))
        console.say(f"{len(rows)} rows: {said}.")


@users_app.command("add")
def users_add(
    name: Annotated[str, typer.Argument()],
    role: Annotated[list[str], typer.Option("--role", help="marketer, approver, auditor or admin; repeatable.")],
    without_password: Annotated[
        bool, typer.Option("--no-password", help="Comes in by OAuth or a proxy, never by password.")
    ] = False,
) -> None:
    """Add a user, or give one new roles and a new password (asked for, or the first line of a pipe)."""
    with opened() as (application, console):
        from app.domain.people import Role, roles_in

        roles = roles_in(role)
        if len(roles) != len(set(role)):
            raise UserFixable("There is no such role.", hint=f"One of: {', '.join(Role)}.")
        file = application.users_file
        file.add(name, roles, None if without_password else read_password("Password", twice=True))
        application.record_people("user-added", name, sorted(roles))
        console.say(f"{name} is a user now: {', '.join(sorted(roles))}.")


@users_app.command("list")
def users_list(as_json: AsJson = False) -> None:
    """Name the users and their roles."""
    with opened() as (application, console):
        found = {user.name: sorted(str(role) for role in user.roles) for user in application.users_file.all().values()}
        words = "\n".join(f"- {name}: {', '.join(roles)}" for name, roles in found.items())
        print_result(console, {"users": found}, as_json, lambda _: words or "Nobody yet.")


@users_app.command("remove")
def users_remove(name: Annotated[str, typer.Argument()]) -> None:
    """Take a user out; tokens and cookies they hold are refused from now on."""
    with opened() as (application, console):
        application.users_file.remove(name)
        application.record_people("user-removed", name, [])
        console.say("Removed.")


@users_app.command("token")
def users_token(name: Annotated[str, typer.Argument()]) -> None:
    """Print a REST token of a user, for a program that works in their name; it holds CPO_TOKEN_MINUTES."""
    with opened() as (application, console):
        person = application.people.by_name(name)
        application.record_people("token-issued", person.name, sorted(person.roles))
        console.hand_over(application.people.token_for(person))


@db_app.command("upgrade")
def db_upgrade() -> None:
    """Bring the database to the newest schema."""
    with opened() as (application, console):
        application.store.upgrade()
        console.say("The database has the newest schema.")


@app.command()
def doctor(as_json: AsJson = False) -> None:
    """Say what is real, what stands in, and what to set."""
    with opened() as (application, console):
        from app.diagnosis import diagnosis, diagnosis_words

        result = diagnosis(application)
        print_result(console, result, as_json, diagnosis_words)


@app.command()
def tools(
    markdown: Annotated[bool, typer.Option("--markdown", help="Print docs/tools.md.")] = False,
) -> None:
    """List the functions the planner sees."""
    with opened() as (_, console):
        from app.documentation import tools_page

        page = tools_page()
        console.say(page if markdown else "\n".join(line for line in page.splitlines() if line.startswith("## ")))


@app.command()
def forget(customer: Annotated[str, typer.Argument(help="Customer id.")]) -> None:
    """Remove a customer from the data, the assignments and the exports; the audit keeps a keyed hash only."""
    with opened() as (application, console):
        from app.forgetting import forget_customer

        said = forget_customer(
            customer, datasets=application.datasets, store=application.store, keys=application.keys,
            exports=application.settings.home / "exports", now=application.now,
        )  # fmt: skip
        console.say(said)


@app.command("mcp")
def mcp_command(
    http: Annotated[int | None, typer.Option("--http", help="Serve streamable HTTP on this port instead.")] = None,
) -> None:
    """Serve the read-only functions over MCP, on standard input and output or by HTTP on this machine."""
    from app.mcp_server import serve_http, serve_stdio

    if http is None:
        serve_stdio()
    else:
        serve_http(http)


app.add_typer(content_commands(opened, print_result, at_the_keyboard), name="content")
app.add_typer(export_commands(opened, print_result, at_the_keyboard), name="export")


def main() -> None:
    """Run the command line; a bug prints a reference, not a stack trace."""
    try:
        app()
    except (KeyboardInterrupt, BrokenPipeError):
        sys.exit(130)


if __name__ == "__main__":
    main()
