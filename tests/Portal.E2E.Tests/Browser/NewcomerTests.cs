using System.Globalization;
using System.Net.Http;
using System.Text.RegularExpressions;
using Microsoft.Playwright;
using Portal.Testing.Images;
using Portal.Testing.Up;
using static Microsoft.Playwright.Assertions;

namespace Portal.E2E.Tests.Browser;

/// <summary>What a newcomer does on the first day, in a real browser against the real thing.</summary>
public sealed class NewcomerTests(BrowserFixture fixture) : IClassFixture<BrowserFixture>
{
    [Fact]
    public async Task SignIn_WrongPassword_SaysSoBesideTheForm()
    {
        await using var person = await fixture.OpenStrangerAsync();

        await person.SignInAsync("not the password");

        await Expect(person.Alert.First).ToContainTextAsync(new Regex("password", RegexOptions.IgnoreCase));
        await Expect(person.Page.GetByLabel("User name")).ToBeVisibleAsync();
    }

    [Fact]
    public async Task Theme_Chosen_IsThereAtTheNextVisit()
    {
        await using var person = await fixture.OpenAsync(ColorScheme.Light);
        await person.Page.GetByRole(AriaRole.Button, new() { Name = "Switch between light and dark" }).ClickAsync();
        await Expect(person.Page.Locator("html[data-theme=dark]")).ToBeAttachedAsync();

        await person.ReloadAsync();

        await Expect(person.Page.Locator("html[data-theme=dark]")).ToBeAttachedAsync();
        Assert.Equal("rgb(15, 18, 24)", await person.Page.Locator("body").EvaluateAsync<string>("body => getComputedStyle(body).backgroundColor"));
    }

    [Fact]
    public async Task Nodes_AfterSignIn_ShowTheHostLive()
    {
        await using var person = await fixture.OpenAsync();
        await person.OpenAsync("Nodes");

        var host = System.Net.Dns.GetHostName();
        await Expect(person.Page.GetByText("online").First).ToBeVisibleAsync();
        await person.Page.GetByRole(AriaRole.Link, new() { Name = host }).First.ClickAsync();

        await Expect(person.Page.GetByText(Environment.OSVersion.Version.ToString(3)).First).ToBeVisibleAsync();
        foreach (var fact in new[] { "Processor", "Memory", "Disk" })
        {
            await Expect(person.Page.GetByText(fact).First).ToBeVisibleAsync();
        }
    }

    [Fact]
    public async Task Images_UploadPullAndBusybox_AppearInTheList()
    {
        await using var person = await fixture.OpenAsync();
        await person.OpenAsync("Images");

        await person.Button("Upload").ClickAsync();
        await person.Page.Locator("#archive").SetInputFilesAsync(fixture.Archive);
        await Expect(person.Page.GetByText("Loaded")).ToBeVisibleAsync();
        await Expect(person.Row("busybox:latest")).ToBeVisibleAsync();

        var image = (await BusyboxImages.CreateAsync()).AddLayer(writer => writer.WriteFile("etc/pulled", "yes"u8.ToArray()));
        var reference = await fixture.Registry.PushAsync(image, "team/pulled:1");
        await person.PullAsync(reference);
        var pull = person.Page.GetByRole(AriaRole.Status, new() { Name = $"Pull of {reference}" });
        await Expect(pull.GetByText("done", new() { Exact = true })).ToBeVisibleAsync();
        Assert.True(await pull.Locator("li").CountAsync() >= 2, "Each layer has its own progress.");
        await Expect(person.Row(reference)).ToBeVisibleAsync();

        await person.PullAsync($"{fixture.Registry.Host}/team/nothing:1");
        await Expect(person.Page.GetByRole(AriaRole.Status, new() { Name = "team/nothing" }).GetByRole(AriaRole.Alert))
            .ToContainTextAsync(new Regex("has no", RegexOptions.IgnoreCase));
    }

    [Fact]
    public async Task Upload_NoArchive_IsRefusedInWords()
    {
        await using var person = await fixture.OpenAsync();
        await person.OpenAsync("Images");
        var file = Path.Combine(fixture.Portal.Temp, "no-archive.tar");
        await File.WriteAllTextAsync(file, string.Concat(Enumerable.Repeat("this is no archive ", 5000)));

        await person.Button("Upload").ClickAsync();
        await person.Page.Locator("#archive").SetInputFilesAsync(file);

        await Expect(person.Alert.Filter(new() { HasText = "Loading the archive failed" })).ToBeVisibleAsync();
    }

    [Fact]
    public async Task Container_FromFormToRemoval_DoesWhatItShows()
    {
        await EnsureBusyboxAsync();
        await using var person = await fixture.OpenAsync();

        await person.FillContainerAsync("web", "busybox:latest", "sh -c 'mkdir /www; echo $GREETING > /www/index.html; httpd -f -v -p 80 -h /www'");
        await person.Button("Add variable").ClickAsync();
        await person.Page.GetByLabel("Variable", new() { Exact = true }).FillAsync("GREETING");
        await person.Page.GetByLabel("Value", new() { Exact = true }).FillAsync("hello from a form");
        await person.Button("Add port").ClickAsync();
        await person.Page.GetByLabel("Port in the container").FillAsync("80");
        await person.Page.GetByLabel("Restart policy").SelectOptionAsync("unless-stopped");
        await person.Button("Create and start").ClickAsync();

        await Expect(person.Heading("web")).ToBeVisibleAsync();
        await Expect(person.Page.GetByText("running").First).ToBeVisibleAsync();
        var port = await PortAsync("web");
        using var client = new HttpClient();
        Assert.Equal("hello from a form\n", await client.GetStringAsync($"http://127.0.0.1:{port}/"));

        await person.OpenAsync("Containers");
        var row = person.Row("web").First;
        await row.GetByRole(AriaRole.Button, new() { Name = "Stop" }).ClickAsync();
        await Expect(row.GetByText("exited")).ToBeVisibleAsync();
        await row.GetByRole(AriaRole.Button, new() { Name = "Start" }).ClickAsync();
        await Expect(row.GetByText("running")).ToBeVisibleAsync();

        await row.GetByRole(AriaRole.Link, new() { Name = "web" }).ClickAsync();
        await Expect(person.Heading("web")).ToBeVisibleAsync();

        // By its title, since the log below can be paused too.
        var pause = person.Page.GetByTitle("Pause", new() { Exact = true });
        await pause.ClickAsync();
        await Expect(person.Page.GetByText("paused").First).ToBeVisibleAsync();
        await person.Button("Unpause").ClickAsync();
        await Expect(person.Page.GetByText("running").First).ToBeVisibleAsync();
        var started = person.Page.Locator(".p-fact-bar portal-time");
        var before = await started.GetAttributeAsync("datetime") ?? "";
        await person.Button("Restart").ClickAsync();
        await Expect(started).Not.ToHaveAttributeAsync("datetime", before);
        await Expect(pause).ToBeEnabledAsync();
        await person.Button("Kill").First.ClickAsync();
        await person.Page.GetByRole(AriaRole.Dialog).GetByRole(AriaRole.Button, new() { Name = "Kill" }).ClickAsync();
        await Expect(person.Page.GetByText("exited (137)").First).ToBeVisibleAsync();
        await person.Button("Remove").First.ClickAsync();
        await person.Page.GetByRole(AriaRole.Dialog).GetByRole(AriaRole.Button, new() { Name = "Remove" }).ClickAsync();
        await Expect(person.Heading("Containers")).ToBeVisibleAsync();
        Assert.DoesNotContain("web", await fixture.Portal.DockerAsync("ps", "-a", "--format", "{{.Names}}"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Container_Opened_ShowsLogStatsInspectAndProcesses()
    {
        await EnsureBusyboxAsync();
        await fixture.Portal.DockerAsync(
            "run", "-d", "--name", "talker", "busybox", "sh", "-c", "i=0; while true; do i=$((i+1)); echo line $i; echo oops $i >&2; sleep 0.2; done");
        await using var person = await fixture.OpenAsync();
        await person.OpenAsync("Containers");
        await person.Page.GetByRole(AriaRole.Link, new() { Name = "talker" }).ClickAsync();

        var log = person.Page.GetByRole(AriaRole.Log);
        await Expect(log.GetByText("line 3", new() { Exact = true })).ToBeAttachedAsync();
        var last = await LastLineAsync(log);
        await PortalUp.WaitUntilAsync(
            async () => await LastLineAsync(log) > last + 3, TimeSpan.FromSeconds(10), "the log goes on by itself");
        await person.Page.GetByLabel("Search in these lines").FillAsync("oops");
        await Expect(log.Locator("mark").First).ToHaveTextAsync("oops");
        await person.Page.GetByLabel("Search in these lines").FillAsync("");
        await person.Page.GetByText("More", new() { Exact = true }).ClickAsync();
        await person.Button("Clear").ClickAsync();
        await Expect(log.GetByText("line 1", new() { Exact = true })).Not.ToBeAttachedAsync();
        var download = await person.Page.RunAndWaitForDownloadAsync(() =>
            person.Page.GetByRole(AriaRole.Link, new() { Name = "Download" }).ClickAsync());
        var text = await File.ReadAllTextAsync(await download.PathAsync());
        Assert.Contains("line 1\n", text, StringComparison.Ordinal);
        Assert.Contains("oops 2\n", text, StringComparison.Ordinal);

        await person.TabAsync("Stats");
        await Expect(person.Page.Locator("[data-chart] canvas:visible")).ToHaveCountAsync(4);
        await Expect(person.Page.Locator("[data-now=memory]")).ToContainTextAsync("iB of");
        await Expect(person.Page.Locator("[data-now=cpu]")).ToContainTextAsync("%");
        await person.PictureAsync("container", async () =>
        {
            // Something to see in the charts, for as long as they need to draw it.
            const string work = "while true; do head -c 30000000 /dev/urandom | md5sum; sleep 2; ping -c 3 -A -s 8000 172.17.0.1; done";
            await fixture.Portal.DockerAsync("exec", "-d", "talker", "sh", "-c", work);
            await Task.Delay(TimeSpan.FromSeconds(45));
        });

        await person.TabAsync("Processes");
        await Expect(person.Page.GetByRole(AriaRole.Table)).ToContainTextAsync("sleep");

        await person.TabAsync("Inspect");
        await Expect(person.Page.Locator("pre.p-json")).ToContainTextAsync("\"Name\": \"/talker\"");
        await person.Button("Copy all").ClickAsync();
        var copied = await person.Page.EvaluateAsync<string>("navigator.clipboard.readText()");
        Assert.Equal("/talker", System.Text.Json.Nodes.JsonNode.Parse(copied)!["Name"]!.GetValue<string>());
        await fixture.Portal.DockerAsync("rm", "-f", "talker");
        await Expect(person.Page.GetByText("This container is gone")).ToBeVisibleAsync();
    }

    [Fact]
    public async Task Console_Typed_IsARealTerminal()
    {
        await EnsureBusyboxAsync();
        await fixture.Portal.DockerAsync("run", "-d", "--name", "shell", "busybox", "sleep", "1000");
        await using var person = await fixture.OpenAsync();
        await person.OpenAsync("Containers");
        await person.Page.GetByRole(AriaRole.Link, new() { Name = "shell" }).ClickAsync();
        await person.TabAsync("Console");
        await person.WaitForTerminalAsync("#");

        await TypeAsync(person, "tty; echo size $(stty size)");
        await person.WaitForTerminalAsync("/dev/pts/");
        var before = await SizeAsync(person);
        await person.Page.SetViewportSizeAsync(900, 700);
        await PortalUp.WaitUntilAsync(
            async () =>
            {
                await TypeAsync(person, "clear; echo size $(stty size)");
                return await SizeAsync(person) is var now && now != before && now.Length > 0;
            },
            TimeSpan.FromSeconds(15),
            "the program learns of the terminal's new size");

        await TypeAsync(person, "echo Grüße, 世界 ✓");
        await person.WaitForTerminalAsync("\nGrüße, 世界 ✓");

        // What says "red" is what the key ends: the shell itself would forget a key that is hit before it has started something.
        await TypeAsync(person, "sh -c \"printf '\\033[31mred\\033[0m\\n'; exec sleep 500\"");
        await person.WaitForTerminalAsync("\nred");
        await person.Page.Keyboard.PressAsync("Control+c");
        await TypeAsync(person, "echo interrupted $?");
        await person.WaitForTerminalAsync("\ninterrupted 130");

        await TypeAsync(person, "vi /tmp/note");
        await person.WaitForTerminalAsync("- /tmp/note");
        await person.Page.Keyboard.TypeAsync("i");
        await person.WaitForTerminalAsync("I /tmp/note");
        await person.Page.Keyboard.TypeAsync("written in vi");
        await person.WaitForTerminalAsync("written in vi");

        // Escape and the next key in one read would be an escape sequence: wait for the mode to change, as fingers do.
        await person.Page.Keyboard.PressAsync("Escape");
        await person.WaitForTerminalAsync("- /tmp/note");
        await TypeAsync(person, ":wq");
        // The shell asks the terminal where it is, and what it is answered may stand before the program's output.
        await TypeAsync(person, "sed s/^/kept:/ /tmp/note");
        await person.WaitForTerminalAsync("kept:written in vi");
        await TypeAsync(person, "top");
        await person.WaitForTerminalAsync("Load average");
        await person.Page.Keyboard.TypeAsync("q");

        await TypeAsync(person, "exit 7");
        await person.WaitForTerminalAsync("exit code 7");
        await fixture.Portal.DockerAsync("rm", "-f", "shell");
    }

    [Fact]
    public async Task Console_PageLeft_RunsOnUntilItIsEnded()
    {
        await EnsureBusyboxAsync();
        await fixture.Portal.DockerAsync("run", "-d", "--name", "left", "busybox", "sleep", "1000");
        await using (var person = await fixture.OpenAsync())
        {
            await person.OpenAsync("Containers");
            await person.Page.GetByRole(AriaRole.Link, new() { Name = "left" }).ClickAsync();
            await person.TabAsync("Console");
            await person.WaitForTerminalAsync("#");
        }

        await using var later = await fixture.OpenAsync();
        await later.OpenAsync("Consoles");
        var row = later.Row("left");
        await Expect(row).ToContainTextAsync("nobody looks");
        Assert.Equal(3, (await fixture.Portal.DockerAsync("top", "left")).Split('\n').Length);
        await row.GetByRole(AriaRole.Button, new() { NameRegex = new Regex("^End ") }).ClickAsync();
        await later.Page.GetByRole(AriaRole.Dialog).GetByRole(AriaRole.Button, new() { Name = "End", Exact = true }).ClickAsync();

        await PortalUp.WaitUntilAsync(
            async () => (await fixture.Portal.DockerAsync("top", "left")).Split('\n').Length == 2,
            TimeSpan.FromSeconds(15),
            "only the container's own process is left");
        await fixture.Portal.DockerAsync("rm", "-f", "left");
    }

    [Theory]
    [InlineData("taken", "busybox:latest", "sleep 1", "", "already in use")]
    [InlineData("fine-name", "no-such-image:1", "", "", "image")]
    [InlineData("no-program", "busybox:latest", "/bin/no-such-program", "", "no such file or directory|not found")]
    [InlineData("port-clash", "busybox:latest", "sleep 100", "taken", "already allocated|already in use")]
    [InlineData("!", "busybox:latest", "", "", "begins with a letter or a digit")]
    public async Task Create_BadInput_IsRefusedBesideWhatCausedItAndLeavesNothing(
        string name, string image, string command, string port, string expected)
    {
        await EnsureBusyboxAsync();
        await fixture.Portal.TryDockerAsync("run", "-d", "--name", "taken", "-p", "80", "busybox", "sleep", "1000");
        var before = await fixture.Portal.DockerAsync("ps", "-aq");
        await using var person = await fixture.OpenAsync();
        await person.FillContainerAsync(name, image, command);
        if (port.Length > 0)
        {
            await person.Button("Add port").ClickAsync();
            await person.Page.GetByLabel("Port on the host").FillAsync((await PortAsync("taken")).ToString(CultureInfo.InvariantCulture));
            await person.Page.GetByLabel("Port in the container").FillAsync("80");
        }

        await person.Button("Create and start").ClickAsync();

        await Expect(person.Page.Locator(".p-field-error")).ToContainTextAsync(new Regex(expected, RegexOptions.IgnoreCase));
        Assert.Equal(before, await fixture.Portal.DockerAsync("ps", "-aq"));
    }

    private async Task EnsureBusyboxAsync() => await fixture.Portal.DockerAsync("load", "-i", fixture.Archive);

    private async Task<int> PortAsync(string container)
    {
        var text = await fixture.Portal.DockerAsync("port", container);
        return int.Parse(text.Split('\n')[0].Split(':')[^1], CultureInfo.InvariantCulture);
    }

    private static async Task TypeAsync(PortalPage person, string line)
    {
        await person.Page.Locator(".console-host .xterm-helper-textarea").FocusAsync();
        await person.Page.Keyboard.InsertTextAsync(line);
        await person.Page.Keyboard.PressAsync("Enter");
    }

    private static async Task<string> SizeAsync(PortalPage person) =>
        Regex.Match(await person.TerminalTextAsync(), @"^size (\d+ \d+)", RegexOptions.Multiline).Groups[1].Value;

    private static async Task<int> LastLineAsync(ILocator log)
    {
        var numbers = Regex.Matches(string.Join('\n', await log.AllInnerTextsAsync()), @"line (\d+)");
        return numbers.Count == 0 ? 0 : int.Parse(numbers[^1].Groups[1].Value, CultureInfo.InvariantCulture);
    }
}
