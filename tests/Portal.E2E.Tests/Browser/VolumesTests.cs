using System.Text.RegularExpressions;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace Portal.E2E.Tests.Browser;

/// <summary>All that people do with volumes, in a real browser.</summary>
[Collection(SharedPortal.Name)]
public sealed class VolumesTests(BrowserFixture fixture) : IAsyncLifetime
{
    public async Task InitializeAsync() => await fixture.Portal.DockerAsync("load", "-i", fixture.Archive);

    public Task DisposeAsync() => Task.CompletedTask;

    [Fact]
    public async Task Volume_CreatedInTheForm_IsListedUsedAndRemoved()
    {
        await using var person = await fixture.OpenAsync();
        await person.OpenAsync("Volumes");
        await person.Button("Create volume").ClickAsync();
        var dialog = person.Page.GetByRole(AriaRole.Dialog);
        await dialog.GetByLabel("Name").FillAsync("x");
        await dialog.GetByRole(AriaRole.Button, new() { Name = "Create", Exact = true }).ClickAsync();
        await Expect(dialog.GetByRole(AriaRole.Alert)).ToContainTextAsync("2 to 255");
        await dialog.GetByLabel("Name").FillAsync("story");
        await dialog.GetByLabel("Made of").SelectOptionAsync("Memory");
        await dialog.GetByLabel("Size").FillAsync("16m");
        await dialog.GetByRole(AriaRole.Button, new() { Name = "Create", Exact = true }).ClickAsync();
        await Expect(person.Heading("story")).ToBeVisibleAsync();
        await Expect(person.Page.GetByText("o=size=16m")).ToBeVisibleAsync();

        await fixture.Portal.DockerAsync("run", "-d", "--name", "story-user", "-v", "story:/in", "busybox", "sleep", "1000");
        await person.OpenAsync("Volumes");
        await Expect(person.Row("story").GetByRole(AriaRole.Link, new() { Name = "story-user" })).ToBeVisibleAsync();
        await person.Button("Remove story").ClickAsync();
        await Expect(dialog).ToContainTextAsync("can't be removed");
        await dialog.GetByRole(AriaRole.Button, new() { Name = "Cancel" }).ClickAsync();
        await fixture.Portal.DockerAsync("rm", "-f", "story-user");
        await Expect(person.Row("story")).ToContainTextAsync("unused");
        await person.Button("Remove story").ClickAsync();
        await dialog.GetByRole(AriaRole.Button, new() { Name = "Remove", Exact = true }).ClickAsync();
        await Expect(person.Page.GetByRole(AriaRole.Link, new() { Name = "story", Exact = true })).Not.ToBeVisibleAsync();
        Assert.Empty(person.Errors);
    }

    [Fact]
    public async Task List_FilteredAndSorted_StandsInTheAddress()
    {
        await fixture.Portal.DockerAsync("volume", "create", "--label", "team=finders", "find-me");
        await fixture.Portal.DockerAsync("volume", "create", "not-me");
        await using var person = await fixture.OpenAsync();
        await person.OpenAsync("Volumes");
        await person.Page.GetByLabel("Search").FillAsync("team=find");
        await Expect(person.Row("find-me")).ToBeVisibleAsync();
        await Expect(person.Row("not-me")).Not.ToBeVisibleAsync();
        await person.Page.GetByRole(AriaRole.Combobox, new() { Name = "Use", Exact = true }).SelectOptionAsync("Unused");
        await person.Page.GetByRole(AriaRole.Button, new() { Name = "Size" }).ClickAsync();

        await Expect(person.Page).ToHaveURLAsync(new Regex("q=team%3Dfind.*use=unused.*sort=-size|sort=-size.*use=unused"));
        await person.ReloadAsync();
        await Expect(person.Row("find-me")).ToBeVisibleAsync();
        await Expect(person.Row("not-me")).Not.ToBeVisibleAsync();
    }

    [Fact]
    public async Task Files_OfAVolume_AreUploadedReadRenamedAndDeleted()
    {
        await fixture.Portal.DockerAsync("volume", "create", "filed");
        await using var person = await OpenAsync("filed");
        await TabAsync(person, "Files");
        await person.Page.Locator("[data-upload-input]:not([disabled])").SetInputFilesAsync(
            new FilePayload { Name = "note.txt", MimeType = "text/plain", Buffer = "kept here"u8.ToArray() });
        await Expect(person.Page.GetByText("9 B uploaded to /")).ToBeVisibleAsync();
        await person.Button("note.txt").ClickAsync();
        await Expect(person.Page.GetByRole(AriaRole.Dialog).Locator("pre")).ToHaveTextAsync("kept here");
        await person.Button("Close dialog").ClickAsync();
        await person.Button("Rename note.txt").ClickAsync();
        await person.Page.GetByRole(AriaRole.Dialog).GetByLabel("Name").FillAsync("renamed.txt");
        await person.Page.GetByRole(AriaRole.Dialog).GetByRole(AriaRole.Button, new() { Name = "Rename", Exact = true }).ClickAsync();
        await Expect(person.Button("renamed.txt")).ToBeVisibleAsync();
        var file = await fixture.Portal.DockerAsync("run", "--rm", "-v", "filed:/in", "busybox", "cat", "/in/renamed.txt");
        await person.Button("Delete renamed.txt").ClickAsync();
        await person.Page.GetByRole(AriaRole.Dialog).GetByRole(AriaRole.Button, new() { Name = "Delete", Exact = true }).ClickAsync();
        await Expect(person.Button("renamed.txt")).Not.ToBeVisibleAsync();

        Assert.Equal("kept here", file.Trim());
        Assert.Equal("", (await fixture.Portal.DockerAsync("run", "--rm", "-v", "filed:/in", "busybox", "ls", "-A", "/in")).Trim());
    }

    [Fact]
    public async Task Backup_Downloaded_RestoresAsAnotherVolumeAndInPlace()
    {
        await WriteAsync("kept", "first");
        await using var person = await OpenAsync("kept");
        await person.Button("Back up kept").ClickAsync();
        var download = await person.Page.RunAndWaitForDownloadAsync(() =>
            person.Page.GetByRole(AriaRole.Dialog).GetByRole(AriaRole.Link, new() { Name = "Back up" }).ClickAsync());
        var archive = Path.Combine(fixture.Portal.Temp, "kept.tar.zst");
        await download.SaveAsAsync(archive);
        Assert.Matches("^kept-.*[.]tar[.]zst$", download.SuggestedFilename);
        var transfers = person.Page.GetByRole(AriaRole.Region, new() { Name = "Backups and restores" });
        await Expect(transfers.GetByText("done", new() { Exact = true })).ToBeVisibleAsync();

        await WriteAsync("kept", "second");
        await person.Button("Restore kept").ClickAsync();
        var dialog = person.Page.GetByRole(AriaRole.Dialog);
        await dialog.Locator("[data-restore-file]").SetInputFilesAsync(archive);
        await dialog.GetByRole(AriaRole.Button, new() { Name = "Restore", Exact = true }).ClickAsync();
        await Expect(dialog.GetByRole(AriaRole.Alert)).ToContainTextAsync("The volume is as it was.");
        Assert.Equal("second", await ReadAsync("kept"));
        await dialog.GetByLabel("may be lost").CheckAsync();
        await dialog.GetByRole(AriaRole.Button, new() { Name = "Restore", Exact = true }).ClickAsync();
        await Expect(dialog.GetByText("The volume is restored.")).ToBeVisibleAsync();
        Assert.Equal("first", await ReadAsync("kept"));
        await dialog.GetByRole(AriaRole.Button, new() { Name = "Close", Exact = true }).Last.ClickAsync();

        await person.OpenAsync("Volumes");
        await person.Button("Restore").ClickAsync();
        await dialog.GetByLabel("Name of the new volume").FillAsync("copied");
        await dialog.Locator("[data-restore-file]").SetInputFilesAsync(archive);
        await dialog.GetByRole(AriaRole.Button, new() { Name = "Restore", Exact = true }).ClickAsync();
        await dialog.GetByRole(AriaRole.Link, new() { Name = "To the volume" }).ClickAsync();
        await Expect(person.Heading("copied")).ToBeVisibleAsync();
        Assert.Equal("first", await ReadAsync("copied"));
    }

    [Fact]
    public async Task Prune_Previewed_TakesExactlyWhatItShowed()
    {
        await fixture.Portal.DockerAsync("volume", "create", "--label", "prune=me", "pruned");
        await fixture.Portal.DockerAsync("volume", "create", "--label", "prune=not", "left");
        await using var person = await fixture.OpenAsync();
        await person.OpenAsync("Volumes");
        await person.Button("Prune").ClickAsync();
        var dialog = person.Page.GetByRole(AriaRole.Dialog);
        await dialog.GetByLabel("All volumes that no container uses").CheckAsync();
        await dialog.GetByText("By label").ClickAsync();
        await dialog.GetByLabel("Only with these labels").FillAsync("prune=me");
        await dialog.GetByLabel("Only with these labels").PressAsync("Tab");
        await Expect(dialog.GetByRole(AriaRole.Region, new() { Name = "Preview" })).ToContainTextAsync("1 volume would go");
        await dialog.GetByRole(AriaRole.Button, new() { Name = "Prune", Exact = true }).ClickAsync();
        await Expect(dialog.GetByText("1 volume gone")).ToBeVisibleAsync();

        var left = await fixture.Portal.DockerAsync("volume", "ls", "-q", "--filter", "label=prune");
        Assert.Equal("left", left.Trim());
    }

    private static Task TabAsync(PortalPage person, string name) => person.Page.GetByRole(AriaRole.Navigation, new() { Name = "Views of the volume" })
        .GetByRole(AriaRole.Link, new() { Name = name }).ClickAsync();

    private async Task<PortalPage> OpenAsync(string name)
    {
        var person = await fixture.OpenAsync();
        await person.OpenAsync("Volumes");
        await person.Page.GetByRole(AriaRole.Link, new() { Name = name, Exact = true }).ClickAsync();
        await Expect(person.Heading(name)).ToBeVisibleAsync();
        return person;
    }

    private Task WriteAsync(string volume, string text) =>
        fixture.Portal.DockerAsync("run", "--rm", "-v", $"{volume}:/in", "busybox", "sh", "-c", $"echo {text} > /in/file");

    private async Task<string> ReadAsync(string volume) =>
        (await fixture.Portal.DockerAsync("run", "--rm", "-v", $"{volume}:/in", "busybox", "cat", "/in/file")).Trim();
}
