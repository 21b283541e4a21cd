using System.Text.RegularExpressions;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace Portal.E2E.Tests.Browser;

/// <summary>All that people do with networks, in a real browser.</summary>
[Collection(SharedPortal.Name)]
public sealed class NetworksTests(BrowserFixture fixture) : IAsyncLifetime
{
    // Of this process alone: two runs on one host would be refused each other's subnets.
    private static readonly string s_made = $"10.{200 + (Environment.ProcessId % 50)}.{Environment.ProcessId / 50 % 250}";
    private static readonly string s_madeV6 = $"fd00:199:{(Environment.ProcessId % 0xfffe) + 1:x}::/64";
    private static readonly string s_joined = $"10.{150 + (Environment.ProcessId % 50)}.{Environment.ProcessId / 50 % 250}";

    public async Task InitializeAsync() => await fixture.Portal.DockerAsync("load", "-i", fixture.Archive);

    public Task DisposeAsync() => Task.CompletedTask;

    [Fact]
    public async Task Network_CreatedInTheForm_IsListedWithItsSettingsAndRemoved()
    {
        await using var person = await fixture.OpenAsync();
        await person.OpenAsync("Networks");
        await person.Button("Create network").ClickAsync();
        var dialog = person.Page.GetByRole(AriaRole.Dialog);
        await dialog.GetByLabel("Name").FillAsync("-x");
        await dialog.GetByLabel("IPv4 subnet").FillAsync($"{s_made}.0/24");
        await dialog.GetByLabel("IPv4 gateway").FillAsync("10.1.1.1");
        await dialog.GetByRole(AriaRole.Button, new() { Name = "Create", Exact = true }).ClickAsync();
        await Expect(dialog.GetByRole(AriaRole.Alert)).ToContainTextAsync(["1 to 128", $"within {s_made}.0/24"]);
        await dialog.GetByLabel("Name").FillAsync("made");
        await dialog.GetByLabel("IPv4 gateway").FillAsync($"{s_made}.9");
        await dialog.GetByLabel("IPv6", new() { Exact = true }).CheckAsync();
        await dialog.GetByLabel("IPv6 subnet").FillAsync(s_madeV6);
        await dialog.GetByLabel("Internal").CheckAsync();
        await person.PictureAsync("network-create", () => Task.CompletedTask);
        await dialog.GetByRole(AriaRole.Button, new() { Name = "Create", Exact = true }).ClickAsync();
        await Expect(person.Heading("made")).ToBeVisibleAsync();
        await Expect(person.Page.GetByText($"{s_made}.9")).ToBeVisibleAsync();

        var made = await fixture.Portal.DockerAsync(
            "network", "inspect", "made", "-f", "{{.Internal}} {{.EnableIPv6}} {{range .IPAM.Config}}{{.Subnet}} {{end}}");
        Assert.Equal($"true true {s_made}.0/24 {s_madeV6}", made.Trim());
        await person.OpenAsync("Networks");
        await Expect(person.Row("made").First).ToContainTextAsync(s_madeV6);
        await PicturesAsync(person, "networks");
        await person.Button("Remove made").ClickAsync();
        await dialog.GetByRole(AriaRole.Button, new() { Name = "Remove", Exact = true }).ClickAsync();
        await Expect(person.Page.GetByRole(AriaRole.Link, new() { Name = "made", Exact = true })).Not.ToBeVisibleAsync();
        Assert.Empty(person.Errors);
    }

    [Fact]
    public async Task List_Filtered_StandsInTheAddress()
    {
        await fixture.Portal.DockerAsync("network", "create", "--label", "team=finders", "find-net");
        await using var person = await fixture.OpenAsync();
        await person.OpenAsync("Networks");
        await Expect(person.Row("built-in")).ToHaveCountAsync(3);
        await person.Page.GetByLabel("Search").FillAsync("team=find");
        await Expect(person.Row("built-in")).ToHaveCountAsync(0);
        await person.Page.GetByRole(AriaRole.Combobox, new() { Name = "Use", Exact = true }).SelectOptionAsync("Unused");
        await Expect(person.Page).ToHaveURLAsync(new Regex("use=unused"));
        await person.Page.GetByRole(AriaRole.Combobox, new() { Name = "Driver", Exact = true }).SelectOptionAsync("bridge");

        await Expect(person.Page).ToHaveURLAsync(new Regex("(?=.*q=team%3Dfind)(?=.*use=unused)(?=.*driver=bridge)"));
        await person.ReloadAsync();
        await Expect(person.Row("find-net")).ToBeVisibleAsync();
        await Expect(person.Row("built-in")).ToHaveCountAsync(0);
        await fixture.Portal.DockerAsync("network", "rm", "find-net");
    }

    [Fact]
    public async Task Container_ConnectedWithAnAddress_ShowsItAndIsDisconnected()
    {
        await fixture.Portal.DockerAsync("network", "create", "--subnet", $"{s_joined}.0/24", "joined");
        await fixture.Portal.DockerAsync("run", "-d", "--name", "joiner", "-p", "127.0.0.1::80", "busybox", "sleep", "1000");
        await using var person = await fixture.OpenAsync();
        await person.GoAsync("/networks?q=joined");
        await person.Page.GetByRole(AriaRole.Link, new() { Name = "joined", Exact = true }).ClickAsync();
        await person.Button("Connect a container").ClickAsync();
        var dialog = person.Page.GetByRole(AriaRole.Dialog);
        await dialog.GetByLabel("Container").SelectOptionAsync("joiner");
        await dialog.GetByLabel("IPv4 address").FillAsync("10.1.1.1");
        await dialog.GetByRole(AriaRole.Button, new() { Name = "Connect", Exact = true }).ClickAsync();
        await Expect(dialog.GetByRole(AriaRole.Alert)).ToContainTextAsync($"within {s_joined}.0/24");
        await dialog.GetByLabel("IPv4 address").FillAsync($"{s_joined}.77");
        await dialog.GetByLabel("Aliases").FillAsync("first second");
        await person.PictureAsync("network-connect", () => Task.CompletedTask);
        await dialog.GetByRole(AriaRole.Button, new() { Name = "Connect", Exact = true }).ClickAsync();
        await Expect(person.Row("joiner")).ToContainTextAsync($"{s_joined}.77/24");
        await Expect(person.Row("joiner")).ToContainTextAsync("second");
        var inside = await fixture.Portal.DockerAsync("exec", "joiner", "ip", "-4", "address");
        await PicturesAsync(person, "network");

        await person.Button("Disconnect joiner").ClickAsync();
        await dialog.GetByRole(AriaRole.Button, new() { Name = "Disconnect", Exact = true }).ClickAsync();
        await Expect(person.Page.GetByText("No container is on it.")).ToBeVisibleAsync();
        Assert.Contains($"{s_joined}.77/24", inside, StringComparison.Ordinal);
        Assert.DoesNotContain(
            $"{s_joined}.77", await fixture.Portal.DockerAsync("exec", "joiner", "ip", "-4", "address"), StringComparison.Ordinal);
        Assert.Empty(person.Errors);
        await fixture.Portal.DockerAsync("rm", "-f", "joiner");
        await person.Button("Remove joined").ClickAsync();
        await dialog.GetByRole(AriaRole.Button, new() { Name = "Remove", Exact = true }).ClickAsync();
        await Expect(person.Heading("Networks")).ToBeVisibleAsync();
    }

    [Fact]
    public async Task Remove_Several_TellsOfEach()
    {
        await fixture.Portal.DockerAsync("network", "create", "--label", "several", "several-free");
        await fixture.Portal.DockerAsync("network", "create", "--label", "several", "several-used");
        await fixture.Portal.DockerAsync("run", "-d", "--name", "several-user", "--network", "several-used", "busybox", "sleep", "1000");
        await using var person = await fixture.OpenAsync();
        await person.GoAsync("/networks?q=several");
        await Expect(person.Row("several-used")).ToContainTextAsync("several-user");
        await person.Page.GetByLabel("Select several-free").CheckAsync();
        await person.Page.GetByLabel("Select several-used").CheckAsync();
        await person.Button("Remove the selected networks").ClickAsync();
        var dialog = person.Page.GetByRole(AriaRole.Dialog);
        await dialog.GetByRole(AriaRole.Button, new() { Name = "Remove", Exact = true }).ClickAsync();

        await Expect(dialog.GetByRole(AriaRole.Listitem).Filter(new() { HasText = "several-free" })).ToContainTextAsync("removed");
        await Expect(dialog.GetByRole(AriaRole.Listitem).Filter(new() { HasText = "several-used" })).ToContainTextAsync("failed");
        await fixture.Portal.DockerAsync("rm", "-f", "several-user");
        await fixture.Portal.DockerAsync("network", "rm", "several-used");
    }

    [Fact]
    public async Task Prune_Previewed_TakesExactlyWhatItShowed()
    {
        await fixture.Portal.DockerAsync("network", "create", "--label", "prune=me", "pruned-net");
        await fixture.Portal.DockerAsync("network", "create", "--label", "prune=not", "left-net");
        await using var person = await fixture.OpenAsync();
        await person.OpenAsync("Networks");
        await person.Button("Prune").ClickAsync();
        var dialog = person.Page.GetByRole(AriaRole.Dialog);
        await dialog.GetByText("By label").ClickAsync();
        await dialog.GetByLabel("Only with these labels").FillAsync("prune=me");
        await dialog.GetByLabel("Only with these labels").PressAsync("Tab");
        await Expect(dialog.GetByRole(AriaRole.Region, new() { Name = "Preview" })).ToContainTextAsync("1 network would go");
        await dialog.GetByRole(AriaRole.Button, new() { Name = "Prune", Exact = true }).ClickAsync();
        await Expect(dialog.GetByText("1 network gone")).ToBeVisibleAsync();

        var left = await fixture.Portal.DockerAsync("network", "ls", "--format", "{{.Name}}", "--filter", "label=prune");
        Assert.Equal("left-net", left.Trim());
        await fixture.Portal.DockerAsync("network", "rm", "left-net");
    }

    [Fact]
    public async Task Picture_OfANode_ShowsNetworksContainersAndPorts()
    {
        await fixture.Portal.DockerAsync("network", "create", "drawn-front");
        await fixture.Portal.DockerAsync("network", "create", "--internal", "drawn-back");
        await fixture.Portal.DockerAsync(
            "run", "-d", "--name", "drawn-web", "--network", "drawn-front", "-p", "127.0.0.1::80", "busybox", "sleep", "1000");
        await fixture.Portal.DockerAsync("network", "connect", "drawn-back", "drawn-web");
        await fixture.Portal.DockerAsync("run", "-d", "--name", "drawn-db", "--network", "drawn-back", "busybox", "sleep", "1000");
        await using var person = await fixture.OpenAsync();
        await person.GoAsync("/networks");
        await person.Page.GetByRole(AriaRole.Link, new() { Name = "Picture", Exact = true }).ClickAsync();
        var picture = person.Page.GetByRole(AriaRole.Group, new() { NameRegex = new Regex("^Picture of the networks") });
        await Expect(picture.Locator(".p-lane")).ToContainTextAsync(["drawn-back", "drawn-front"]);
        await Expect(picture.Locator(".p-column").Filter(new() { HasText = "drawn-web" })).ToContainTextAsync(" → 80");
        await PicturesAsync(person, "topology");
        await person.Page.GetByText("As a table").ClickAsync();
        await Expect(person.Row("drawn-web")).ToContainTextAsync("drawn-front");
        await Expect(person.Row("drawn-db")).ToContainTextAsync("drawn-back");

        Assert.Empty(person.Errors);
        await fixture.Portal.DockerAsync("rm", "-f", "drawn-web", "drawn-db");
        await fixture.Portal.DockerAsync("network", "rm", "drawn-front", "drawn-back");
    }

    // Both themes, on a screen and on a phone.
    private static Task PicturesAsync(PortalPage person, string name) => person.PictureAsync(name, async () =>
    {
        foreach (var (scheme, width) in new[] { (ColorScheme.Dark, 390), (ColorScheme.Light, 390), (ColorScheme.Dark, 1400) })
        {
            await person.Page.EmulateMediaAsync(new() { ColorScheme = scheme });
            await person.Page.SetViewportSizeAsync(width, 900);
            await person.Page.EvaluateAsync(
                "() => Promise.allSettled(document.getAnimations().filter(one => one.effect?.getComputedTiming().iterations !== Infinity)"
                + ".map(one => one.finished))");
            await person.PictureAsync($"{name}-{scheme}-{width}", () => Task.CompletedTask);
        }

        await person.Page.EmulateMediaAsync(new() { ColorScheme = ColorScheme.Light });
        await person.Page.SetViewportSizeAsync(1400, 900);
    });
}
