using System.Formats.Tar;
using System.Net;
using System.Net.Http;
using System.Net.Sockets;
using System.Text.Json;
using System.Text.RegularExpressions;
using Microsoft.Playwright;
using Portal.Testing.Up;
using Portal.Testing.Images;
using static Microsoft.Playwright.Assertions;

namespace Portal.E2E.Tests.Browser;

/// <summary>All that people do with images, in a real browser, against a real registry.</summary>
public sealed class ImagesTests(BrowserFixture fixture) : IClassFixture<BrowserFixture>
{
    private static int s_made;

    [Fact]
    public async Task Image_PulledTaggedPushedAndUntagged_IsInTheRegistryUnderItsNewName()
    {
        var reference = await PublishAsync("story/app:1", layers: 3);
        var pushed = $"{fixture.Registry.Host}/story/renamed:2";
        await using var person = await fixture.OpenAsync();
        await person.OpenAsync("Images");
        await person.PullAsync(reference);
        await Expect(Transfer(person, "Pull", reference).GetByText("done", new() { Exact = true })).ToBeVisibleAsync();
        await Expect(Transfer(person, "Pull", reference).Locator("li")).ToHaveCountAsync(3);

        await Link(person, reference).ClickAsync();
        await Expect(person.Heading(reference)).ToBeVisibleAsync();
        await Expect(person.Page.GetByRole(AriaRole.List, new() { Name = "Layers, lowest first" }).Locator("li")).ToHaveCountAsync(3);
        await TabAsync(person, "Settings");
        await Expect(person.Page.GetByText("Working directory")).ToBeVisibleAsync();
        await TabAsync(person, "Inspect");
        await Expect(person.Page.Locator("pre.p-json")).ToContainTextAsync("\"RepoTags\"");

        await person.Button($"Push {reference}").ClickAsync();
        await person.Page.GetByRole(AriaRole.Dialog).GetByLabel("Push as").FillAsync(pushed);
        await person.Button("Tag and push").ClickAsync();
        await Expect(Transfer(person, "Push", pushed).GetByText("done", new() { Exact = true })).ToBeVisibleAsync();
        await person.Button($"Tag {reference}").ClickAsync();
        await person.Page.GetByRole(AriaRole.Dialog).GetByLabel("New name").FillAsync("story/third:3");
        await person.Page.GetByRole(AriaRole.Dialog).GetByRole(AriaRole.Button, new() { Name = "Tag", Exact = true }).ClickAsync();
        await person.Button("Take the name story/third:3 away").ClickAsync();
        await Expect(person.Button("Take the name story/third:3 away")).Not.ToBeVisibleAsync();
        await Expect(person.Button($"Take the name {pushed} away")).ToBeVisibleAsync();

        using var client = new HttpClient();
        var tags = await client.GetStringAsync($"http://{fixture.Registry.Host}/v2/story/renamed/tags/list");
        Assert.Equal("2", JsonDocument.Parse(tags).RootElement.GetProperty("tags").EnumerateArray().Single().GetString());
        Assert.DoesNotContain(person.Errors, error => !error.Contains("net::ERR_", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Search_InARegistry_FindsTheImageAndPullsTheChosenTag()
    {
        var reference = await PublishAsync("hay/needle:7", layers: 1);
        await using var person = await fixture.OpenAsync();
        await person.OpenAsync("Images");
        await person.Button("Pull image").ClickAsync();
        var dialog = person.Page.GetByRole(AriaRole.Dialog);
        await dialog.GetByLabel("Image to pull").FillAsync($"{fixture.Registry.Host}/need");
        await dialog.GetByText("Search in a registry").ClickAsync();
        await Expect(dialog.GetByLabel("Registry", new() { Exact = true })).ToHaveValueAsync(fixture.Registry.Host);
        await Expect(dialog.GetByLabel("Part of a repository's name")).ToHaveValueAsync("need");
        await dialog.GetByLabel("Part of a repository's name").PressAsync("Enter");
        await dialog.GetByRole(AriaRole.Button, new() { Name = "hay/needle" }).ClickAsync();
        await dialog.GetByRole(AriaRole.Button, new() { Name = "7", Exact = true }).ClickAsync();
        await Expect(dialog.GetByLabel("Image to pull")).ToHaveValueAsync(reference);
        await dialog.GetByRole(AriaRole.Button, new() { Name = "Pull", Exact = true }).ClickAsync();

        await Expect(person.Row(reference)).ToBeVisibleAsync();
        await Expect(Transfer(person, "Pull", reference).GetByText("done", new() { Exact = true })).ToBeVisibleAsync();
    }

    [Fact]
    public async Task Pulls_PageLeft_GoOnAndAreCancelledWhereTheyAreFoundAgain()
    {
        // A registry that takes connections and never says a word.
        using var silent = new TcpListener(IPAddress.Loopback, 0);
        silent.Start();
        var endless = $"127.0.0.1:{((IPEndPoint)silent.LocalEndpoint).Port}/never/comes:1";
        var reference = await PublishAsync("beside/app:1", layers: 1);
        await using var person = await fixture.OpenAsync();
        await person.OpenAsync("Images");
        await person.PullAsync(endless);
        await person.PullAsync(reference);
        await person.OpenAsync("Containers");
        await person.OpenAsync("Images");

        await Expect(Transfer(person, "Pull", reference).GetByText("done", new() { Exact = true })).ToBeVisibleAsync();
        var waiting = Transfer(person, "Pull", endless);
        await Expect(waiting.GetByText("pulling")).ToBeVisibleAsync();
        await person.ReloadAsync();
        await person.ArrivedAsync();
        await waiting.GetByRole(AriaRole.Button, new() { NameRegex = new Regex("^Cancel") }).ClickAsync();
        await Expect(waiting.GetByText("cancelled")).ToBeVisibleAsync();
        await person.Button("Clear what has ended").ClickAsync();
        await Expect(waiting).Not.ToBeVisibleAsync();
    }

    [Fact]
    public async Task Removal_OfSeveral_TellsOfEachAndForcesWhatMayBeForced()
    {
        await LoadAsync("removal/free:1");
        await LoadAsync("removal/used:1");
        await fixture.Portal.DockerAsync("create", "--name", "keeper", "removal/used:1");
        await using var person = await fixture.OpenAsync();
        await person.OpenAsync("Images");
        await person.Page.GetByLabel("Search").FillAsync("removal/");
        await Expect(person.Page).ToHaveURLAsync(new Regex("q=removal"));
        await Expect(person.Row("removal/used:1").GetByRole(AriaRole.Link, new() { Name = "keeper" })).ToBeVisibleAsync();
        await person.Page.GetByLabel("Select all that are shown").CheckAsync();
        await Expect(person.Page.GetByText("2 selected")).ToBeVisibleAsync();
        await person.Button("Remove the selected images").ClickAsync();
        var dialog = person.Page.GetByRole(AriaRole.Dialog);
        await dialog.GetByRole(AriaRole.Button, new() { Name = "Remove", Exact = true }).ClickAsync();

        await Expect(dialog.GetByText("1 of 2 removed.")).ToBeVisibleAsync();
        await Expect(dialog.GetByRole(AriaRole.Link, new() { Name = "keeper, stopped" })).ToBeVisibleAsync();
        await dialog.GetByRole(AriaRole.Button, new() { Name = "Remove by force" }).ClickAsync();
        await Expect(dialog.GetByText("All 2 are removed.")).ToBeVisibleAsync();
        await dialog.GetByRole(AriaRole.Button, new() { Name = "Close", Exact = true }).Last.ClickAsync();
        await Expect(person.Row("removal/")).ToHaveCountAsync(0);
        Assert.DoesNotContain("removal/", await fixture.Portal.DockerAsync("images"), StringComparison.Ordinal);
        await fixture.Portal.DockerAsync("rm", "keeper");
    }

    [Fact]
    public async Task Download_SeveralSelected_IsOneArchiveThatLoadsAgain()
    {
        await LoadAsync("archive/one:1");
        await LoadAsync("archive/two:2");
        await using var person = await fixture.OpenAsync();
        await person.GoAsync("/images?q=archive/&sort=-size");
        await person.Page.GetByLabel("Select archive/one:1").CheckAsync();
        await person.Page.GetByLabel("Select archive/two:2").CheckAsync();

        // The link's address is the portal's to draw, a moment after the second box is checked.
        await Expect(person.Page.GetByText("2 selected")).ToBeVisibleAsync();
        var download = await person.Page.RunAndWaitForDownloadAsync(() =>
            person.Page.GetByRole(AriaRole.Link, new() { Name = "Download", Exact = true }).ClickAsync());
        var file = await download.PathAsync();

        Assert.Matches("^images-.*[.]tar$", download.SuggestedFilename);
        var names = new List<string>();
        await using (var reader = new TarReader(File.OpenRead(file)))
        {
            while (await reader.GetNextEntryAsync() is { } entry)
            {
                names.Add(entry.Name);
            }
        }

        Assert.Contains("manifest.json", names);
        Assert.Contains("index.json", names);
        await fixture.Portal.DockerAsync("rmi", "archive/one:1", "archive/two:2");
        var loaded = await fixture.Portal.DockerAsync("load", "-i", file);
        Assert.Contains("archive/one:1", loaded, StringComparison.Ordinal);
        Assert.Contains("archive/two:2", loaded, StringComparison.Ordinal);
        await Expect(person.Row("archive/two:2")).ToBeVisibleAsync();
    }

    [Fact]
    public async Task Prune_Previewed_TakesExactlyWhatItShowed()
    {
        await LoadAsync("stale/app:1");
        var dangling = (await fixture.Portal.DockerAsync("images", "-q", "--no-trunc", "stale/app:1")).Trim();
        await LoadAsync("stale/app:1");
        await using var person = await fixture.OpenAsync();
        await person.GoAsync("/images?use=dangling");
        await Expect(person.Row(dangling[7..19])).ToBeVisibleAsync();
        await person.Button("Prune").ClickAsync();
        var dialog = person.Page.GetByRole(AriaRole.Dialog);
        var preview = dialog.GetByRole(AriaRole.Region, new() { Name = "Preview" });
        await Expect(preview.GetByText($"{dangling[7..19]} (no name)")).ToBeVisibleAsync();
        await dialog.GetByLabel("All images that no container uses").CheckAsync();
        await Expect(preview.GetByText("stale/app:1")).ToBeVisibleAsync();
        await dialog.GetByLabel("Dangling images").CheckAsync();
        await Expect(preview.GetByText("stale/app:1")).Not.ToBeVisibleAsync();
        await dialog.GetByRole(AriaRole.Button, new() { Name = "Prune", Exact = true }).ClickAsync();

        await Expect(dialog.GetByText("free now")).ToBeVisibleAsync();
        await dialog.GetByRole(AriaRole.Button, new() { Name = "Close", Exact = true }).Last.ClickAsync();
        await Expect(person.Page.GetByText("dangling", new() { Exact = true })).Not.ToBeVisibleAsync();
        var left = await fixture.Portal.DockerAsync("images", "-q", "--no-trunc");
        Assert.DoesNotContain(dangling, left, StringComparison.Ordinal);
        Assert.Contains("stale/app", await fixture.Portal.DockerAsync("images"), StringComparison.Ordinal);
    }

    private static ILocator Transfer(PortalPage person, string kind, string image) =>
        person.Page.GetByRole(AriaRole.Status, new() { Name = $"{kind} of {image}", Exact = true });

    private static ILocator Link(PortalPage person, string name) =>
        person.Page.GetByRole(AriaRole.Link, new() { Name = name, Exact = true });

    private static Task TabAsync(PortalPage person, string name) => person.Page
        .GetByRole(AriaRole.Navigation, new() { Name = "Views of the image" }).GetByRole(AriaRole.Link, new() { Name = name }).ClickAsync();

    private static TestImageBuilder Make(int layers)
    {
        var image = new TestImageBuilder { Command = ["/none"] };
        for (var layer = 0; layer < layers; layer++)
        {
            image.AddFile($"file{layer}", $"{Interlocked.Increment(ref s_made)} of {nameof(ImagesTests)}");
        }

        return image;
    }

    [Fact]
    public async Task Bulk_TagAndPush_TellOfEachHowItEnded()
    {
        await LoadAsync("bulk/first:1");
        await LoadAsync("bulk/second:2");
        await using var person = await fixture.OpenAsync();
        await person.OpenAsync("Images");
        await person.Page.GetByLabel("Search").FillAsync("bulk/");
        await Expect(person.Page).ToHaveURLAsync(new Regex("q=bulk"));
        await Expect(person.Row("bulk/")).ToHaveCountAsync(2);
        await person.Page.GetByLabel("Select all that are shown").CheckAsync();
        await person.Button("Push the selected images").ClickAsync();
        var dialog = person.Page.GetByRole(AriaRole.Dialog);
        await dialog.GetByLabel("Registry and path").FillAsync($"{fixture.Registry.Host}/mirror");
        await dialog.GetByLabel("Tag", new() { Exact = true }).FillAsync("same");
        await dialog.GetByRole(AriaRole.Button, new() { Name = "Tag and push" }).ClickAsync();

        await Expect(dialog.GetByText("All 2 are pushed.")).ToBeVisibleAsync();
        await Expect(dialog.GetByRole(AriaRole.Listitem).Filter(new() { HasText = "mirror/bulk/second:same" })).ToContainTextAsync("pushed");
        await dialog.GetByRole(AriaRole.Button, new() { Name = "Close", Exact = true }).Last.ClickAsync();
        using var client = new HttpClient();
        var tags = await client.GetStringAsync($"http://{fixture.Registry.Host}/v2/mirror/bulk/first/tags/list");
        Assert.Contains("\"same\"", tags, StringComparison.Ordinal);

        await person.Page.GetByLabel("Search").FillAsync("bulk/first");
        await Expect(person.Page).ToHaveURLAsync(new Regex("q=bulk(/|%2F)first"));
        await Expect(person.Row("bulk/second")).ToHaveCountAsync(0);
        await person.Page.GetByLabel("Select all that are shown").CheckAsync();
        await person.Button("Tag the selected images").ClickAsync();
        await dialog.GetByLabel("Registry and path").FillAsync("UPPER CASE");
        await dialog.GetByRole(AriaRole.Button, new() { Name = "Tag", Exact = true }).ClickAsync();
        await Expect(dialog.GetByText("failed").First).ToBeVisibleAsync();
    }

    private Task<string> PublishAsync(string name, int layers) => fixture.Registry.PushAsync(Make(layers), name);

    private async Task LoadAsync(string name)
    {
        var path = Path.Combine(fixture.Portal.Temp, $"{Guid.NewGuid():N}.tar");
        await Skopeo.ExportAsync(Make(1), $"docker-archive:{path}:{name}");
        await fixture.Portal.DockerAsync("load", "-i", path);
    }
}
