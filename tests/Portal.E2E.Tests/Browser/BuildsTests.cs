using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace Portal.E2E.Tests.Browser;

/// <summary>Images that are built from the dashboard, in a real browser.</summary>
[Collection(SharedPortal.Name)]
public sealed class BuildsTests(BrowserFixture fixture) : IAsyncLifetime
{
    public async Task InitializeAsync() => await fixture.Portal.DockerAsync("load", "-i", fixture.Archive);

    public Task DisposeAsync() => Task.CompletedTask;

    [Fact]
    public async Task Editor_ItsExampleBuilt_SurvivesAReloadAndGivesAnImageThatRuns()
    {
        await using var person = await fixture.OpenAsync();
        await BeginAsync(person, "browser/editor:1");
        await person.Button("Build").ClickAsync();
        await person.Page.WaitForURLAsync("**/builds/*-*");
        await person.ReloadAsync();

        await Expect(person.Page.GetByRole(AriaRole.Link, new() { Name = "Open the image" })).ToBeVisibleAsync();
        await Expect(person.Page.GetByText("RUN echo").First).ToBeVisibleAsync();
        var output = await fixture.Portal.DockerAsync("run", "--rm", "browser/editor:1");
        Assert.Contains("built by root", output, StringComparison.Ordinal);
        Assert.Empty(person.Errors);
    }

    [Fact]
    public async Task Folder_Uploaded_IsTheContext()
    {
        var folder = Path.Combine(fixture.Portal.Temp, "context");
        Directory.CreateDirectory(Path.Combine(folder, "deep"));
        await File.WriteAllTextAsync(Path.Combine(folder, "Dockerfile"), "FROM busybox\nCOPY deep/word /word\nCMD [\"cat\", \"/word\"]\n");
        await File.WriteAllTextAsync(Path.Combine(folder, "deep", "word"), "from the browser's folder");
        await using var person = await fixture.OpenAsync();
        await BeginAsync(person, "browser/folder:1");
        await person.Page.Locator(".p-segments label").Filter(new() { HasText = "Upload" }).ClickAsync();
        await Expect(person.Page.Locator("[data-context-folder]")).ToBeEnabledAsync();
        await person.Page.Locator("[data-context-folder]").SetInputFilesAsync(folder);
        await Expect(person.Page.GetByText("2 files")).ToBeVisibleAsync();
        await person.Button("Build").ClickAsync();

        await Expect(person.Page.GetByRole(AriaRole.Link, new() { Name = "Open the image" })).ToBeVisibleAsync();
        Assert.Contains("from the browser's folder", await fixture.Portal.DockerAsync("run", "--rm", "browser/folder:1"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Folder_WhoseStepFails_NamesTheLineAndShowsWhatItSaid()
    {
        var folder = Path.Combine(fixture.Portal.Temp, "broken");
        Directory.CreateDirectory(folder);
        await File.WriteAllTextAsync(Path.Combine(folder, "Dockerfile"), "FROM busybox\n\nRUN echo so it goes && exit 7\n");
        await using var person = await fixture.OpenAsync();
        await BeginAsync(person, "");
        await person.Page.Locator(".p-segments label").Filter(new() { HasText = "Upload" }).ClickAsync();
        await Expect(person.Page.Locator("[data-context-folder]")).ToBeEnabledAsync();
        await person.Page.Locator("[data-context-folder]").SetInputFilesAsync(folder);
        await Expect(person.Page.GetByText("broken", new() { Exact = true })).ToBeVisibleAsync();
        await person.Button("Build").ClickAsync();

        await Expect(person.Alert.Filter(new() { HasText = "Dockerfile, line 3" })).ToBeVisibleAsync();
        await Expect(person.Page.Locator("[data-follow]")).ToContainTextAsync("so it goes");
    }

    private static async Task BeginAsync(PortalPage person, string name)
    {
        await person.OpenAsync("Builds");
        await person.Page.GetByRole(AriaRole.Link, new() { Name = "New build" }).First.ClickAsync();
        await Expect(person.Heading("New build")).ToBeVisibleAsync();
        await Expect(person.Page.Locator(".monaco-editor").First).ToBeVisibleAsync();
        await person.Page.GetByLabel("Names").FillAsync(name);
    }
}
