using System.Text.RegularExpressions;
using Microsoft.Playwright;
using Portal.Testing.Up;
using Portal.Testing.Processes;
using static Microsoft.Playwright.Assertions;

namespace Portal.E2E.Tests.Browser;

/// <summary>A second host joins by the command that the dashboard prints, over a real network and TLS.</summary>
public sealed class OtherHostTests(BrowserFixture fixture) : IClassFixture<BrowserFixture>
{
    [Fact]
    public async Task AddNode_CommandRunOnAnotherHost_BringsItOnlineAndBackAfterACut()
    {
        await using var host = await OtherHost.StartAsync();
        await using var person = await fixture.OpenAsync();
        await person.OpenAsync("Nodes");
        await person.Page.GetByRole(AriaRole.Button, new() { Name = "Add a node" }).First.ClickAsync();
        await person.Page.GetByLabel("What it is for").FillAsync("the other host");
        await person.Page.GetByRole(AriaRole.Dialog).GetByRole(AriaRole.Button, new() { Name = "Make a token" }).ClickAsync();
        var command = await person.Page.GetByTestId("join-command").InnerTextAsync();
        await person.Page.GetByRole(AriaRole.Button, new() { Name = "Done" }).ClickAsync();
        Assert.Matches(
            $@"^curl -fsSk --pinnedpubkey \S+ https://127\.0\.0\.1:{fixture.HttpsPort}/install\.sh \| sudo sh -s -- --portal ", command);
        var token = Regex.Match(command, @" --token (pjt_\S+)$").Groups[1].Value;
        var url = $"https://{host.PortalAddress}:{fixture.HttpsPort}";

        var joined = await host.AgentAsync("join", url, "--token", token);
        Assert.True(joined.ExitCode == 0, joined.Error + joined.Output);
        host.StartAgent();

        await Expect(person.Page.GetByText("online")).ToHaveCountAsync(2);

        // A node without images offers one that needs no registry.
        await person.OpenAsync("Images");
        await person.Page.GetByRole(AriaRole.Button, new() { NameRegex = new Regex("^busybox from .*-2$") }).ClickAsync();
        await Expect(person.Row("busybox:latest")).ToBeVisibleAsync();
        await person.OpenAsync("Nodes");
        var again = await host.AgentAsync("join", url, "--token", token);
        Assert.NotEqual(0, again.ExitCode);

        await Tool.RunAsync("ip", "link", "set", host.Cable, "down");
        await Expect(person.Page.GetByText("offline")).ToBeVisibleAsync();
        await Tool.RunAsync("ip", "link", "set", host.Cable, "up");
        await Expect(person.Page.GetByText("online")).ToHaveCountAsync(2);
    }
}
