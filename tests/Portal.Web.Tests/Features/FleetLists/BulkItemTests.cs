using System.Security.Claims;
using Grpc.Core;
using Portal.Web.Access;
using Portal.Web.Features.FleetLists.Bulk;
using Portal.Web.Features.NodeCalls;
using Portal.Web.Tests.Support;

namespace Portal.Web.Tests.Features.FleetLists;

public sealed class BulkItemTests
{
    [Fact]
    public async Task Run_SomeRefused_EachTellsHowItEndedAndCanBeTriedAgain()
    {
        var away = true;
        var done = new BulkItem("web", "edge", _ => Task.CompletedTask);
        var failed = new BulkItem("job", "edge", _ => away ? throw new NodeCallException(StatusCode.Unavailable, "It is away.") : Task.CompletedTask);
        var user = new ClaimsPrincipal();

        await done.RunAsync(user);
        await failed.RunAsync(user);

        Assert.Equal((BulkState.Done, ""), (done.State, done.Error));
        Assert.Equal((BulkState.Failed, "It is away."), (failed.State, failed.Error));
        away = false;
        await failed.RunAsync(user);
        Assert.Equal((BulkState.Done, ""), (failed.State, failed.Error));
    }

    [Fact]
    public async Task Dialog_SomeFail_TellsOfEachAndTriesOnlyThoseAgain()
    {
        var runs = new List<string>();
        var away = true;
        BulkItem Item(string name, bool fails) => new(name, "edge", _ =>
        {
            runs.Add(name);
            return fails && away ? throw new NodeCallException(StatusCode.Unavailable, $"{name} is stuck.") : Task.CompletedTask;
        });
        DialogUnderTest.Items = [Item("web", false), Item("job", true), Item("old", false)];
        var (host, _, _) = await PageHost.OpenAsync<DialogUnderTest>("containers", new FakeFleet(), EffectiveAccess.None, _ => { });
        Assert.Empty(runs);

        await PressAsync(host, "Stop");
        var text = await TextAsync(host);
        Assert.Contains("2 of 3 done, 1 failed.", text, StringComparison.Ordinal);
        Assert.Contains("job is stuck.", text, StringComparison.Ordinal);
        away = false;
        await PressAsync(host, "Try again what failed");

        Assert.Equal(["web", "job", "old", "job"], runs);
        Assert.Contains("All 3 are done.", await TextAsync(host), StringComparison.Ordinal);
    }

    private static async Task PressAsync(PageHost host, string text)
    {
        var elements = await host.DoAsync(page => page.Elements());
        await host.RaiseAsync(elements.Single(element => element.Name == "button" && element.Text.Trim() == text), "onclick", null);
    }

    private static async Task<string> TextAsync(PageHost host) => string.Join(
        '\n', (await host.DoAsync(page => page.Elements())).Where(element => element.Name == "p").Select(element => element.Text.Trim()));

    /// <summary>The dialog as a page of its own, with its parameters.</summary>
    private sealed class DialogUnderTest : Microsoft.AspNetCore.Components.ComponentBase
    {
        public static IReadOnlyList<BulkItem> Items { get; set; } = [];

        protected override void BuildRenderTree(Microsoft.AspNetCore.Components.Rendering.RenderTreeBuilder builder)
        {
            builder.OpenComponent<BulkDialog>(0);
            builder.AddAttribute(1, nameof(BulkDialog.Question), "These are stopped:");
            builder.AddAttribute(2, nameof(BulkDialog.Verb), "Stop");
            builder.AddAttribute(3, nameof(BulkDialog.Items), Items);
            builder.CloseComponent();
        }
    }
}
