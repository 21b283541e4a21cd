using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace Portal.E2E.Tests.Browser;

/// <summary>The time zone of the profile, in a browser that is in another one.</summary>
[Collection(SharedPortal.Name)]
public sealed class TimeZoneTests(BrowserFixture fixture) : IAsyncLifetime
{
    // Without summer time, and five and three quarter hours from any browser that tests run in.
    private const string Zone = "Asia/Kathmandu";
    private readonly string _name = $"zone{Guid.NewGuid():N}"[..12];

    public async Task InitializeAsync()
    {
        await fixture.Portal.DockerAsync("load", "-i", fixture.Archive);
        await fixture.Portal.DockerAsync("run", "-d", "--name", _name, "busybox", "sh", "-c", "echo hello; sleep 1000");
    }

    public async Task DisposeAsync()
    {
        await fixture.Portal.DockerAsync("rm", "-f", _name);
        await using var person = await fixture.OpenAsync();
        await ChooseAsync(person, "");
    }

    [Fact]
    public async Task Profile_ZoneChosen_TimesOfPagesAndLogsAreInIt()
    {
        await using var person = await fixture.OpenAsync();
        await ChooseAsync(person, Zone);
        await Expect(person.Page.GetByLabel("Time zone")).ToHaveValueAsync(Zone);

        await person.GoAsync("/audit");
        await person.ArrivedAsync();
        var time = person.Page.Locator("portal-time[form=absolute]").First;
        await Expect(time).Not.ToHaveTextAsync("");
        Assert.True(await time.EvaluateAsync<bool>(
            """
            (time, zone) => time.textContent === new Intl.DateTimeFormat(navigator.language,
              { dateStyle: 'medium', timeStyle: 'medium', timeZone: zone }).format(new Date(time.getAttribute('datetime')))
            """,
            Zone));

        await person.GoAsync($"/logs?q={_name}");
        await person.ArrivedAsync();
        var line = person.Page.Locator(".log-row").Filter(new() { HasText = "hello" }).Locator("time");
        await Expect(line).ToBeVisibleAsync();
        Assert.True(await line.EvaluateAsync<bool>(
            "time => time.textContent === new Date(Date.parse(time.dateTime) + 345 * 60000).toISOString().slice(11, 23)"));
        Assert.Empty(person.Errors);
    }

    /// <summary>By itself, since clocks that are put forward and back are rare on pages: it is the browser that runs it.</summary>
    [Fact]
    public async Task Scripts_OfZones_HoldWhatTheyPromise()
    {
        await using var person = await fixture.OpenAsync();

        var failures = await person.Page.EvaluateAsync<string[]>(
            """
            async () => {
              const failures = [];
              const expect = (what, found, wanted) => { if (found !== wanted) { failures.push(`${what}: ${found}, not ${wanted}`); } };
              const load = async zone => {
                document.documentElement.dataset.zone = zone;
                return await import(`/js/zone.js?zone=${encodeURIComponent(zone)}`);
              };
              const shown = (module, moment) => module.wallClock(new Date(moment)).toISOString();
              const meant = (module, text) => module.momentOf(text).toISOString();

              const berlin = await load('Europe/Berlin');
              expect('winter', shown(berlin, '2026-01-31T23:30:00.123Z'), '2026-02-01T00:30:00.123Z');
              expect('summer', shown(berlin, '2026-07-01T22:00:00Z'), '2026-07-02T00:00:00.000Z');
              expect('meant in winter', meant(berlin, '2026-02-01T00:30'), '2026-01-31T23:30:00.000Z');
              expect('meant in summer', meant(berlin, '2026-07-02T00:00:30'), '2026-07-01T22:00:30.000Z');
              expect('before the gap', meant(berlin, '2026-03-29T01:59:59'), '2026-03-29T00:59:59.000Z');
              expect('in the gap', meant(berlin, '2026-03-29T02:30:00'), '2026-03-29T01:30:00.000Z');
              expect('after the gap', meant(berlin, '2026-03-29T03:00:00'), '2026-03-29T01:00:00.000Z');

              const kathmandu = await load('Asia/Kathmandu');
              expect('quarters', shown(kathmandu, '2026-01-01T18:15:00Z'), '2026-01-02T00:00:00.000Z');
              const newYork = await load('America/New_York');
              expect('west', meant(newYork, '2026-12-31T23:00'), '2027-01-01T04:00:00.000Z');

              const none = await load('Nowhere/Else');
              expect('no such zone', none.zone, undefined);
              const now = new Date();
              expect('the own one', none.momentOf(none.wallClock(now).toISOString().slice(0, 23)).getTime(), now.getTime());
              return failures;
            }
            """);

        Assert.Empty(failures);
    }

    private static async Task ChooseAsync(PortalPage person, string zone)
    {
        await person.GoAsync("/account/profile");
        await person.Page.GetByLabel("Time zone").SelectOptionAsync(zone);
        await person.Button("Save").ClickAsync();
        await Expect(person.Page.GetByText("Saved.")).ToBeVisibleAsync();
    }
}
