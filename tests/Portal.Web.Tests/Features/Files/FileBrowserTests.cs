using System.Security.Claims;
using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Forms;
using Microsoft.AspNetCore.Components.Rendering;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.JSInterop;
using Portal.Web.Access;
using Portal.Web.Features.Files;
using Portal.Web.Tests.Support;

namespace Portal.Web.Tests.Features.Files;

public sealed class FileBrowserTests
{
    private readonly Folders _folders = new();

    [Fact]
    public async Task Panel_FoldersGoneThrough_AreShownAndTheAddressStays()
    {
        var (host, panel, navigation) = await OpenAsync<Beside>();

        Assert.Equal("nodes/x/files?path=%2Fsrv", (await CrumbAsync(host, "srv")).Attributes["href"]);
        await host.RaiseAsync(await CrumbAsync(host, "srv"), "onclick", null);
        await host.Dispatcher.InvokeAsync(panel.Browser.OnUp);

        Assert.Equal(["/srv/in", "/srv", "/"], _folders.Listed);
        Assert.Equal("/", await host.DoAsync(_ => panel.Browser.OnChosen([new(1, "file", 3)])));
        Assert.Equal(0, navigation.Waiting);
    }

    [Fact]
    public async Task Page_FoldersGoneThrough_AreLeftToTheAddress()
    {
        var (host, page, navigation) = await OpenAsync<Alone>();

        await host.RaiseAsync(await CrumbAsync(host, "srv"), "onclick", null);
        await host.Dispatcher.InvokeAsync(page.Browser.OnUp);

        Assert.Equal(["/srv/in"], _folders.Listed);
        Assert.Equal(1, navigation.Waiting);
    }

    private Task<(PageHost Host, TPage Page, SlowNavigation Navigation)> OpenAsync<TPage>()
        where TPage : Place => PageHost.OpenAsync<TPage>(
            "nodes/x/console",
            new FakeFleet(),
            EffectiveAccess.None,
            services => services
                .AddSingleton<IJSRuntime, SlowBrowser>()
                .AddSingleton<IFileSource>(_folders)
                .AddSingleton<AntiforgeryStateProvider, NoToken>());

    private static async Task<DrawnElement> CrumbAsync(PageHost host, string name) =>
        (await host.DoAsync(page => page.Elements())).Single(element => element.Name == "a" && element.Text.Trim() == name);

    /// <summary>A page with files on it.</summary>
    public abstract class Place(bool inPanel) : ComponentBase
    {
        [Inject]
        public required IFileSource Source { get; init; }

        public FileBrowser Browser { get; private set; } = null!;

        protected override void BuildRenderTree(RenderTreeBuilder builder)
        {
            builder.OpenComponent<FileBrowser>(0);
            builder.AddComponentParameter(1, nameof(FileBrowser.Source), Source);
            builder.AddComponentParameter(2, nameof(FileBrowser.Path), "/srv/in");
            builder.AddComponentParameter(3, nameof(FileBrowser.PageAddress), "nodes/x/files?path=");
            builder.AddComponentParameter(4, nameof(FileBrowser.MayChange), true);
            builder.AddComponentParameter(5, nameof(FileBrowser.InPanel), inPanel);
            builder.AddComponentReferenceCapture(6, browser => Browser = (FileBrowser)browser);
            builder.CloseComponent();
        }
    }

    public sealed class Beside() : Place(inPanel: true);

    public sealed class Alone() : Place(inPanel: false);

    private sealed class NoToken : AntiforgeryStateProvider
    {
        public override AntiforgeryRequestToken? GetAntiforgeryToken() => null;
    }

    private sealed class Folders : IFileSource
    {
        private readonly List<string> _listed = [];

        public IReadOnlyList<string> Listed => [.. _listed];

        public string Name => "web";

        public string UploadAddress => "upload";

        public string? Unseen(string path) => null;

        public Task<FileListing> ListAsync(ClaimsPrincipal user, string path, CancellationToken cancellationToken)
        {
            _listed.Add(path);
            return Task.FromResult(new FileListing([], 0));
        }

        public Task<FileContent> ReadAsync(ClaimsPrincipal user, string path, int mostBytes, CancellationToken cancellationToken) =>
            throw new NotSupportedException();

        public Task<FileTotals?> MeasureAsync(ClaimsPrincipal user, string path, CancellationToken cancellationToken) =>
            throw new NotSupportedException();

        public Task MakeFolderAsync(ClaimsPrincipal user, string path) => throw new NotSupportedException();

        public Task RenameAsync(ClaimsPrincipal user, string path, string newPath) => throw new NotSupportedException();

        public Task RemoveAsync(ClaimsPrincipal user, string path) => throw new NotSupportedException();

        public string DownloadAddress(string path, bool archive) => "download";
    }
}
