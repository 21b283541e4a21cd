using Microsoft.Playwright;
using Portal.Testing.Up;
using static Microsoft.Playwright.Assertions;

namespace Portal.E2E.Tests.Browser;

/// <summary>The logs of several containers in one view.</summary>
[Collection(SharedPortal.Name)]
public sealed class LogsTests(BrowserFixture fixture) : IAsyncLifetime
{
    private readonly string _name = $"logs{Guid.NewGuid():N}"[..12];

    private string Many => $"{_name}-many";

    private string Few => $"{_name}-few";

    public async Task InitializeAsync()
    {
        await fixture.Portal.DockerAsync("load", "-i", fixture.Archive);
        const string Boom = """echo '{"level":"error","msg":"boom","status":503}'""";
        await RunAsync(Many, $"for i in $(seq 1 1200); do echo \"one $i\"; done; {Boom}; sleep 1000");
        await RunAsync(Few, "i=0; while true; do i=$((i+1)); echo \"two $i\"; usleep 200000; done");
    }

    public async Task DisposeAsync() => await fixture.Portal.DockerAsync("rm", "-f", Many, Few);

    [Fact]
    public async Task Logs_OfTwoContainers_AreMergedSearchedReadBackAndFollowed()
    {
        await using var person = await fixture.OpenAsync();
        await person.GoAsync($"/logs?q={_name}");
        await person.ArrivedAsync();
        var log = person.Page.GetByRole(AriaRole.Log);
        await Expect(log.Locator(".log-row").Filter(new() { HasText = "two" }).First).ToBeVisibleAsync();

        // A field of a line of JSON, kept in the address.
        await Fields(person).FillAsync("status>=500");
        await Fields(person).PressAsync("Enter");
        var boom = log.Locator(".log-row").Filter(new() { HasText = "boom" });
        await Expect(boom).ToHaveClassAsync(new System.Text.RegularExpressions.Regex("log-error"));
        await Expect(log.Locator(".log-row")).ToHaveCountAsync(1);
        await Expect(person.Page).ToHaveURLAsync(new System.Text.RegularExpressions.Regex("fields=status"));
        var link = await boom.Locator(".log-time").GetAttributeAsync("href");
        await Fields(person).FillAsync("");

        // Whoever scrolls up stays there, whatever comes; and what is older comes to them.
        await log.HoverAsync();
        await person.Page.Mouse.WheelAsync(0, -400);
        await Expect(person.Button("Follow")).ToHaveAttributeAsync("aria-pressed", "false");
        var top = await TopRowAsync(log);
        await Expect(person.Page.Locator(".log-new")).ToContainTextAsync("new lines");
        Assert.Equal(top, await TopRowAsync(log));
        await PortalUp.WaitUntilAsync(
            async () =>
            {
                await log.PressAsync("Home");
                return await log.GetByText("one 1", new() { Exact = true }).IsVisibleAsync();
            },
            TimeSpan.FromSeconds(30),
            () => "the first line of the log is shown");

        // Made anew under its name: the view goes on with the new one.
        await fixture.Portal.DockerAsync("rm", "-f", Few);
        await RunAsync(Few, "echo anew; sleep 1000");
        await person.Page.Locator(".log-new").ClickAsync();
        await Expect(log.GetByText("anew", new() { Exact = true })).ToBeVisibleAsync();
        await Expect(log.Locator(".log-note").Filter(new() { HasText = "was made anew" })).ToBeVisibleAsync();

        // A link to a line shows it among its neighbours.
        await person.GoAsync(link!);
        await person.ArrivedAsync();
        await Expect(log.Locator(".log-marked")).ToContainTextAsync("boom");
        await Expect(log.GetByText("one 1200", new() { Exact = true })).ToBeVisibleAsync();
        await Expect(person.Button("Follow")).ToHaveAttributeAsync("aria-pressed", "false");

        // And on to what is written now, which it follows.
        await person.Page.Locator(".log-new").ClickAsync();
        await Expect(person.Button("Follow")).ToHaveAttributeAsync("aria-pressed", "true");
        Assert.Empty(person.Errors);
    }

    /// <summary>The parts that decide what is shown, each by itself: it is the browser that runs them.</summary>
    [Fact]
    public async Task Scripts_OfLogs_HoldWhatTheyPromise()
    {
        await using var person = await fixture.OpenAsync();

        var failures = await person.Page.EvaluateAsync<string[]>(
            """
            async () => {
              const { LogLine, chain } = await import('/js/logs/line.js');
              const { leaves } = await import('/js/logs/row.js');
              const { LogStore } = await import('/js/logs/store.js');
              const { compile, fieldsOf, term } = await import('/js/logs/query.js');
              const failures = [];
              const expect = (what, found, wanted) => {
                const [is, should] = [JSON.stringify(found), JSON.stringify(wanted)];
                if (is !== should) { failures.push(`${what}: ${is}, not ${should}`); }
              };
              const line = (source, at, text) => new LogLine(source, at, false, text);
              const fits = (options, text) => {
                const { test } = compile(options, source => ({ name: `web${source}`, node: 'n1' }));
                return test ? test(line(0, 1, text)) : true;
              };
              for (const [options, text, wanted] of [
                [{ text: 'ERR' }, 'an error', true], [{ text: 'x' }, 'an error', false], [{ text: 'x', inverse: true }, 'an error', true],
                [{ text: 'a.b' }, 'axb', false], [{ text: 'a.b', regex: true }, 'axb', true], [{ text: 'red' }, '\x1b[31mr\x1b[0med', true],
                [{ fields: 'level=error' }, '{"level":"ERROR","msg":"x"}', true], [{ fields: 'level=error' }, '{"level":50}', true],
                [{ fields: 'level=error' }, 'info: fine', false], [{ fields: 'status>=500 path~log' }, 'status=503 path=/login', true],
                [{ fields: 'status>=500' }, 'status=404', false], [{ fields: 'a.b="x y"' }, '{"a":{"b":"x y"}}', true],
                [{ fields: 'a!=1' }, 'b=1', true], [{ fields: '!a=1' }, 'a=1', false], [{ fields: 'container=web0' }, 'x', true],
                [{ fields: term('a', 'x "y"') }, '{"a":"x \\"y\\""}', true], [{ fields: 'toString=1' }, '{"a":1}', false],
                [{ level: 'warn' }, 'ERROR boom', true], [{ level: 'warn' }, 'hello', false],
                [{ level: 'info' }, '{"level":"debug"}', false], [{ fields: term('a b:c', 1) }, '{"a b:c":1}', true],
                [{ fields: 'node=n1' }, '{"node":"other"}', true], [{ fields: 'node=other' }, '{"node":"other"}', true],
                [{ text: 'end' }, `${'x'.repeat(9000)}end`, true],
              ]) { expect(`${JSON.stringify(options)} on ${text}`, fits(options, text), wanted); }
              expect('no pattern', compile({ text: '(', regex: true }, () => null).error !== null, true);
              expect('no fields', fieldsOf('what').error !== null, true);

              const trace = chain([
                line(0, 1, 'Unhandled exception'), line(0, 2, '   at Shop.Pay()'), line(1, 3, '   of another container'),
                line(0, 4, 'Caused by: java.lang.IllegalStateException: no'), line(0, 5, '\tat Shop.Pay(Shop.java:7)'),
                line(0, 6, 'listening'), line(0, 3000000, '   set in, later'), line(0, 3000001, 'ValueError: bad'), line(0, 3000002, 'terror'),
              ]);
              expect('levels of a trace', trace.map(item => item.level), ['error', 'error', '', 'error', 'error', '', '', 'error', '']);
              expect('a trace is found', trace.filter(compile({ level: 'error' }, () => null).test).length, 5);

              const fields = leaves({ user: { id: 7, roles: ['a'] }, empty: {}, 'a.b': { c: 1 }, x: { 'y.z': 1 } });
              expect('fields', fields, [['user.id', 7], ['user.roles', ['a']], ['empty', {}], ['a.b', { c: 1 }], ['x', { 'y.z': 1 }]]);

              const text = store => store.lines.map(item => item.text).join('');
              const store = new LogStore(10);
              store.add([line(0, 10, 'a'), line(0, 12, 'b')]);
              store.add([line(1, 11, 'c'), line(1, 12, 'd')]);
              expect('merged', text(store), 'acbd');
              store.add([line(0, 5, 'x'), line(0, 10, 'y')], true);
              expect('read back', text(store), 'xyacbd');
              store.from.set(0, 5);
              expect('cursor', store.cursors(true), [{ source: 0, at: 5, skip: 1 }]);
              store.add(Array.from({ length: 8 }, (_, index) => line(1, 20 + index, String(index))));
              expect('let go of', store.trimStart([0, 1]).map(item => item.text).join(''), 'xyac');
              expect('held', text(store), 'bd01234567');
              expect('begin', store.begin, 12);
              expect('cursors', store.cursors(true), [{ source: 0, at: 12, skip: 1 }, { source: 1, at: 12, skip: 1 }]);
              return failures;
            }
            """);

        Assert.Empty(failures);
    }

    private Task RunAsync(string name, string script) =>
        fixture.Portal.DockerAsync("run", "-d", "--name", name, "busybox", "sh", "-c", script);

    private static ILocator Fields(PortalPage person) => person.Page.GetByRole(AriaRole.Searchbox, new() { Name = "Fields" });

    private static Task<string> TopRowAsync(ILocator log) => log.EvaluateAsync<string>(
        "host => { const top = host.getBoundingClientRect().top; "
        + "return [...host.querySelectorAll('.log-row')].find(row => row.getBoundingClientRect().bottom > top + 2).textContent; }");
}
