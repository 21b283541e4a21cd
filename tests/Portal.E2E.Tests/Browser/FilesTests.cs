using System.Formats.Tar;
using System.Text;
using Microsoft.Playwright;
using Portal.Testing.Up;
using static Microsoft.Playwright.Assertions;

namespace Portal.E2E.Tests.Browser;

/// <summary>What people do with the files of a container, and images made of it, in a real browser.</summary>
[Collection(SharedPortal.Name)]
public sealed class FilesTests(BrowserFixture fixture) : IAsyncLifetime
{
    public async Task InitializeAsync() => await fixture.Portal.DockerAsync("load", "-i", fixture.Archive);

    public Task DisposeAsync() => Task.CompletedTask;

    [Fact]
    public async Task Browser_FoldersLinksAndFiles_AreShownAndReadWithinTheContainer()
    {
        await StartAsync(
            "reader", "mkdir -p /srv/in; echo 'first line' > /srv/in/text; ln -s in /srv/link; ln -s /nowhere /srv/lost; chown 5:6 /srv/in/text");
        await using var person = await OpenFilesAsync("reader");
        var page = person.Page;
        await File(person, "srv").ClickAsync();
        await Expect(RowOf(person, "lost")).ToContainTextAsync("broken");
        await Expect(RowOf(person, "link")).ToContainTextAsync("→ in");
        await File(person, "link").ClickAsync();
        await Expect(page.GetByRole(AriaRole.Navigation, new() { Name = "Folder" })).ToContainTextAsync("link");
        var row = RowOf(person, "text");
        await Expect(row).ToContainTextAsync("11 B");
        await Expect(row).ToContainTextAsync("5:6");
        await Expect(row).ToContainTextAsync("-rw-r--r--");

        await File(person, "text").ClickAsync();
        await Expect(page.GetByRole(AriaRole.Dialog).Locator("pre")).ToHaveTextAsync("first line\n");
        await person.Button("Close dialog").ClickAsync();
        await Expect(page.GetByRole(AriaRole.Dialog)).Not.ToBeVisibleAsync();
        await page.GoBackAsync();
        await Expect(File(person, "lost")).ToBeVisibleAsync();
        Assert.Empty(person.Errors);
    }

    [Fact]
    public async Task Browser_BinaryFile_IsShownInNumbers()
    {
        await StartAsync("binary", "true");
        await using var person = await OpenFilesAsync("binary", "/bin");

        await person.Page.GetByLabel("Filter by name").FillAsync("busybox");
        await Expect(person.Page.GetByText("0 folders, 1 file")).ToBeVisibleAsync();
        await File(person, "busybox").ClickAsync();

        var dialog = person.Page.GetByRole(AriaRole.Dialog);
        await Expect(dialog).ToContainTextAsync("is not text");
        await Expect(dialog.Locator("pre")).ToContainTextAsync("7f 45 4c 46");
    }

    [Fact]
    public async Task Browser_KeyboardAlone_MovesOpensAndGoesUp()
    {
        await StartAsync("keys", "mkdir -p /srv/a /srv/b; touch /srv/b/deep");
        await using var person = await OpenFilesAsync("keys", "/srv");
        await File(person, "a").FocusAsync();

        await person.Page.Keyboard.PressAsync("ArrowDown");
        await Expect(File(person, "b")).ToBeFocusedAsync();
        await person.Page.Keyboard.PressAsync("Enter");
        await Expect(File(person, "deep")).ToBeVisibleAsync();
        await File(person, "deep").FocusAsync();
        await person.Page.Keyboard.PressAsync("F2");
        await Expect(person.Page.GetByRole(AriaRole.Dialog).GetByLabel("Name")).ToHaveValueAsync("deep");
        await person.Button("Close dialog").ClickAsync();
        await Expect(person.Page.GetByRole(AriaRole.Dialog)).Not.ToBeVisibleAsync();
        await File(person, "deep").FocusAsync();
        await person.Page.Keyboard.PressAsync("Backspace");
        await Expect(File(person, "a")).ToBeVisibleAsync();
    }

    [Fact]
    public async Task Browser_TwentyThousandFiles_DrawsThoseInViewAndReachesAllByKeyboard()
    {
        await StartAsync(
            "crowd",
            "mkdir -p /srv/many; cd /srv/many; awk 'BEGIN { for (i = 1; i <= 20000; i++) printf \"f%05d\\n\", i }' | xargs touch");
        await using var person = await OpenFilesAsync("crowd", "/srv");
        await File(person, "many").ClickAsync();
        await Expect(person.Page.GetByText("0 folders, 20000 files")).ToBeVisibleAsync();
        await File(person, "f00001").FocusAsync();

        await person.Page.Keyboard.PressAsync("End");
        await Expect(File(person, "f20000")).ToBeFocusedAsync();
        await Expect(File(person, "f20000")).ToBeInViewportAsync();
        await person.Page.Keyboard.PressAsync("ArrowUp");
        await Expect(File(person, "f19999")).ToBeFocusedAsync();
        Assert.InRange(await person.Page.Locator("[data-file]").CountAsync(), 5, 100);
        await person.Page.Keyboard.PressAsync("Home");
        await Expect(File(person, "f00001")).ToBeFocusedAsync();
        for (var row = 2; row <= 60; row++)
        {
            await person.Page.Keyboard.PressAsync("ArrowDown");
            await Expect(File(person, $"f{row:00000}")).ToBeFocusedAsync();
        }

        await Expect(File(person, "f00060")).ToBeInViewportAsync();
        Assert.InRange(await person.Page.Locator("[data-file]").CountAsync(), 5, 100);
        await person.Page.GetByLabel("Filter by name").FillAsync("f12345");
        await Expect(File(person, "f12345")).ToBeInViewportAsync();
        Assert.Empty(person.Errors);
    }

    [Fact]
    public async Task Upload_NewTakenAndReplaced_ArrivesWholeAndKeepsTheOwner()
    {
        await StartAsync("uploads", "mkdir /srv; chown 7:8 /srv");
        await using var person = await OpenFilesAsync("uploads", "/srv");
        var big = new byte[3_000_000];
        new Random(1).NextBytes(big);
        await SendAsync(person, "big.bin", big);
        await Expect(person.Page.GetByText("uploaded to /srv")).ToBeVisibleAsync();
        await Expect(RowOf(person, "big.bin")).ToContainTextAsync("7:8");

        await SendAsync(person, "big.bin", Encoding.ASCII.GetBytes("small now"));
        await person.Button("Replace it").ClickAsync();
        await Expect(person.Page.GetByText("9 B uploaded to /srv")).ToBeVisibleAsync();

        Assert.Equal("small now", await fixture.Portal.DockerAsync("exec", "uploads", "cat", "/srv/big.bin"));
        Assert.Equal("big.bin", (await fixture.Portal.DockerAsync("exec", "uploads", "ls", "-A", "/srv")).Trim());
    }

    [Fact]
    public async Task Upload_DroppedOnAStoppedContainer_IsThereWhenItStarts()
    {
        await StartAsync("dropped", "true");
        await fixture.Portal.DockerAsync("stop", "-t", "0", "dropped");
        await using var person = await OpenFilesAsync("dropped", "/tmp");
        await person.Page.EvaluateAsync(
            """
            () => {
              const data = new DataTransfer();
              data.items.add(new File(['from the desk'], 'desk.txt'));
              document.querySelector('[data-files]').dispatchEvent(new DragEvent('drop', { dataTransfer: data, bubbles: true, cancelable: true }));
            }
            """);
        await Expect(person.Page.GetByText("13 B uploaded to /tmp")).ToBeVisibleAsync();

        await fixture.Portal.DockerAsync("start", "dropped");
        Assert.Equal("from the desk", await fixture.Portal.DockerAsync("exec", "dropped", "cat", "/tmp/desk.txt"));
    }

    [Fact]
    public async Task Download_FileAndFolder_AreTheBytesAndAnArchive()
    {
        await StartAsync("loads", "mkdir -p '/srv/two words'; echo -n content > '/srv/two words/file'");
        await using var person = await OpenFilesAsync("loads", "/srv");

        var folder = await person.Page.RunAndWaitForDownloadAsync(
            () => person.Page.GetByRole(AriaRole.Link, new() { Name = "Download two words" }).ClickAsync());
        await File(person, "two words").ClickAsync();
        var file = await person.Page.RunAndWaitForDownloadAsync(
            () => person.Page.GetByRole(AriaRole.Link, new() { Name = "Download file" }).ClickAsync());

        Assert.Equal(("two_words.tar", "file"), (folder.SuggestedFilename, file.SuggestedFilename));
        Assert.Equal("content", await System.IO.File.ReadAllTextAsync(await file.PathAsync()));
        await using var tar = new TarReader(System.IO.File.OpenRead(await folder.PathAsync()));
        var names = new List<string>();
        while (await tar.GetNextEntryAsync() is { } entry)
        {
            names.Add(entry.Name);
        }

        Assert.Equal(["two words/", "two words/file"], names);
    }

    [Fact]
    public async Task Console_FilesBesideIt_AreUploadedAndDownloadedWhileItRuns()
    {
        await StartAsync("beside", "mkdir -p /srv; echo -n made > /srv/here");
        await using var person = await OpenFilesAsync("beside");
        await person.TabAsync("Console");
        await person.WaitForTerminalAsync("#");
        var address = person.Page.Url;
        await person.Button("Files: upload and download").ClickAsync();
        await Expect(person.Page.Locator("[data-upload-input]:not([disabled])")).ToBeAttachedAsync();
        await File(person, "srv").ClickAsync();
        await Expect(File(person, "here")).ToBeVisibleAsync();
        await person.Page.Locator("[data-upload-input]").SetInputFilesAsync(
            new FilePayload { Name = "sent", MimeType = "text/plain", Buffer = Encoding.UTF8.GetBytes("from beside") });
        await Expect(File(person, "sent")).ToBeVisibleAsync();

        // The same console, in the same page, sees it.
        await person.Page.Locator(".console-host").ClickAsync();
        await person.Page.Keyboard.TypeAsync("cat /srv/sent; echo\n");
        await person.WaitForTerminalAsync("from beside");
        var file = await person.Page.RunAndWaitForDownloadAsync(
            () => person.Page.GetByRole(AriaRole.Link, new() { Name = "Download here" }).ClickAsync());
        Assert.Equal("made", await System.IO.File.ReadAllTextAsync(await file.PathAsync()));

        await person.Button("Files: upload and download").ClickAsync();
        await Expect(File(person, "sent")).Not.ToBeVisibleAsync();
        Assert.Equal(address, person.Page.Url);
        Assert.Empty(person.Errors);
    }

    [Fact]
    public async Task Changes_MadeInTheBrowser_AreThoseOfTheContainer()
    {
        await StartAsync("changer", "mkdir -p /srv/old/deep; echo x > /srv/old/deep/one; echo y > /srv/old/two");
        await using var person = await OpenFilesAsync("changer", "/srv");
        await person.Button("New folder").ClickAsync();
        await SaveNameAsync(person, "made", "Make");
        await Expect(File(person, "made")).ToBeVisibleAsync();
        await person.Button("Rename made").ClickAsync();
        await SaveNameAsync(person, "old", "Rename");
        await Expect(person.Alert.Filter(new() { HasText = "is there already" })).ToBeVisibleAsync();
        await SaveNameAsync(person, "renamed", "Rename");
        await Expect(File(person, "renamed")).ToBeVisibleAsync();

        await person.Button("Delete old").ClickAsync();
        var dialog = person.Page.GetByRole(AriaRole.Dialog);
        await Expect(dialog).ToContainTextAsync("/srv/old");
        await Expect(dialog).ToContainTextAsync("2 files, 4 B");
        await dialog.GetByRole(AriaRole.Button, new() { Name = "Delete", Exact = true }).ClickAsync();
        await Expect(File(person, "old")).Not.ToBeVisibleAsync();

        Assert.Equal("renamed", (await fixture.Portal.DockerAsync("exec", "changer", "ls", "/srv")).Trim());
    }

    [Fact]
    public async Task Delete_WhereTheKernelIsMounted_IsNotOffered()
    {
        await StartAsync("kernel", "true");
        await using var person = await OpenFilesAsync("kernel");

        await person.Button("Delete proc").ClickAsync();

        var dialog = person.Page.GetByRole(AriaRole.Dialog);
        await Expect(dialog).ToContainTextAsync("mounted on '/proc'");
        await Expect(dialog.GetByRole(AriaRole.Button, new() { Name = "Delete", Exact = true })).ToBeDisabledAsync();
    }

    [Fact]
    public async Task Changes_AgainstTheImage_AreListedAndFiltered()
    {
        await StartAsync("differs", "echo x > /added; mkdir -p /way; echo y > /way/below; rm /bin/cat");
        await using var person = await OpenFilesAsync("differs");
        await person.TabAsync("Changes");

        await Expect(person.Row("/added")).ToContainTextAsync("added");
        await Expect(person.Row("/bin/cat")).ToContainTextAsync("deleted");
        await Expect(person.Page.GetByText("/bin", new() { Exact = true })).Not.ToBeVisibleAsync();
        await person.Page.GetByRole(AriaRole.Button, new() { Name = "Deleted 1" }).ClickAsync();
        await Expect(person.Row("/bin/cat")).Not.ToBeVisibleAsync();
        await person.Page.GetByLabel("Filter by path").FillAsync("below");
        await Expect(person.Row("/added")).Not.ToBeVisibleAsync();
        await person.Page.GetByRole(AriaRole.Link, new() { Name = "/way/below" }).ClickAsync();
        await Expect(File(person, "below")).ToBeVisibleAsync();
    }

    [Fact]
    public async Task Commit_FromTheContainersPage_MakesTheImageAndLeadsToIt()
    {
        await StartAsync("committed", "echo kept > /kept");
        await using var person = await OpenFilesAsync("committed");
        await person.Button("Commit to an image").ClickAsync();
        var dialog = person.Page.GetByRole(AriaRole.Dialog);
        await dialog.GetByLabel("Name", new() { Exact = true }).FillAsync("made/of-it:1");
        await dialog.GetByLabel("Message").FillAsync("with what it wrote");
        await dialog.GetByLabel("Author").FillAsync("The tests");
        await dialog.GetByLabel("Changes of the configuration").FillAsync("NONSENSE x");
        await person.Button("Make the image").ClickAsync();
        await Expect(dialog.GetByRole(AriaRole.Alert)).ToContainTextAsync("No image was made.");
        await dialog.GetByLabel("Changes of the configuration").FillAsync("ENV MODE=kept\nCMD [\"cat\", \"/kept\"]");
        await person.Button("Make the image").ClickAsync();
        await Expect(dialog.GetByText("The image is there.")).ToBeVisibleAsync();
        await dialog.GetByRole(AriaRole.Link, new() { Name = "To the image" }).ClickAsync();

        await Expect(person.Heading("made/of-it:1")).ToBeVisibleAsync();
        await Expect(person.Page.GetByText("The tests")).ToBeVisibleAsync();
        Assert.Equal("kept", await fixture.Portal.DockerAsync("run", "--rm", "made/of-it:1"));
    }

    private static ILocator File(PortalPage person, string name) =>
        person.Page.Locator($"[data-file][title='{name}']");

    private static ILocator RowOf(PortalPage person, string name) =>
        person.Page.GetByRole(AriaRole.Row).Filter(new() { Has = File(person, name) });

    private static async Task SaveNameAsync(PortalPage person, string name, string verb)
    {
        var dialog = person.Page.GetByRole(AriaRole.Dialog);
        await dialog.GetByLabel("Name").FillAsync(name);
        await dialog.GetByRole(AriaRole.Button, new() { Name = verb, Exact = true }).ClickAsync();
    }

    private static Task SendAsync(PortalPage person, string name, byte[] bytes) => person.Page.Locator("[data-upload-input]").SetInputFilesAsync(
        new FilePayload { Name = name, MimeType = "application/octet-stream", Buffer = bytes });

    private async Task StartAsync(string name, string script)
    {
        await fixture.Portal.DockerAsync("run", "-d", "--name", name, "busybox", "sh", "-c", $"{script}; touch /tmp/ready; sleep 1000");
        await PortalUp.WaitUntilAsync(
            async () => (await fixture.Portal.TryDockerAsync("exec", name, "ls", "/tmp/ready")).ExitCode == 0,
            TimeSpan.FromMinutes(1),
            $"'{name}' has made its files");
    }

    private async Task<PortalPage> OpenFilesAsync(string name, string path = "/")
    {
        var person = await fixture.OpenAsync();
        await person.OpenAsync("Containers");
        await person.Page.GetByRole(AriaRole.Link, new() { Name = name, Exact = true }).ClickAsync();
        await person.TabAsync("Files");
        await Expect(person.Page.Locator("[data-upload-input]:not([disabled])")).ToBeAttachedAsync();
        foreach (var folder in path.Split('/', StringSplitOptions.RemoveEmptyEntries))
        {
            await File(person, folder).ClickAsync();
            await Expect(person.Page.GetByRole(AriaRole.Navigation, new() { Name = "Folder" })).ToContainTextAsync(folder);
        }

        return person;
    }
}
