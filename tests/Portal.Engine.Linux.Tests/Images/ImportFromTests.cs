using System.Net;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Portal.Engine.Archives;
using Portal.Engine.Distribution;
using Portal.Engine.Errors;
using Portal.Engine.Images;
using Portal.Engine.Images.Importing;
using Portal.Testing.Images;
using Portal.Testing.Registries;

namespace Portal.Engine.Linux.Tests.Images;

public sealed class ImportFromTests : ImageTestBase
{
    private static readonly byte[] s_archive = new TestImageBuilder().AddFile("etc/hello", "world").Layers[0];

    private IImageImports Imports => Engine.Get<IImageImports>();

    [Fact]
    public async Task ImportFromAsync_Address_IsAnImageThatTellsWhereFrom()
    {
        await using var server = await ServeAsync();

        // Without a scheme, as users write it, and with a secret that nobody is told.
        var steps = new ProgressLog();
        var image = await Imports.ImportFromAsync($"ada:secret@{server.Host}/a.tar", new ImageImport { Name = "made", Changes = ["USER u"] }, steps);

        Assert.Equal([TestImageBuilder.Digest(s_archive)], image.DiffIds);
        Assert.Equal($"Imported from http://{server.Host}/a.tar", Assert.Single(image.History).Comment);
        Assert.Equal("u", image.Config.User);
        Assert.Equal(["GET /a.tar Basic YWRhOnNlY3JldA=="], server.Requests);
        Assert.DoesNotContain(steps.All, step => step.Item.Contains("secret", StringComparison.Ordinal));
    }

    [Fact]
    public async Task ImportFromAsync_Redirects_AreFollowedWithoutTheSecret()
    {
        await using var target = await ServeAsync();
        await using var first = await FakeRegistry.StartAsync(context =>
        {
            context.Response.StatusCode = 302;
            context.Response.Headers.Location = context.Request.Path == "/a" ? "/b" : $"http://{target.Host}/c.tar";
            return Task.CompletedTask;
        });

        var image = await Imports.ImportFromAsync($"http://ada:secret@{first.Host}/a", new ImageImport());

        Assert.Single(image.DiffIds);
        Assert.Equal(["GET /a Basic YWRhOnNlY3JldA==", "GET /b Basic YWRhOnNlY3JldA=="], first.Requests);
        Assert.Equal(["GET /c.tar"], target.Requests);
    }

    [Fact]
    public async Task ImportFromAsync_RedirectFromOutsideIntoAPrivateNetwork_IsForbidden()
    {
        await using var inside = await ServeAsync();

        // Of two loopback addresses one stands for an address outside here: that of the server that redirects.
        await ReopenAsync(new ArchiveDownload(new RegistryPolicy(), isInside: address => address.ToString() != "127.0.0.1"));
        await using var outside = await RedirectAsync($"http://127.0.0.2:{inside.Host.Split(':')[1]}/metadata");
        var failure = await AssertFailsAsync(
            EngineErrorKind.Forbidden, () => Imports.ImportFromAsync($"http://{outside.Host}/a", new ImageImport()));

        Assert.Contains("127.0.0.2", failure.Message, StringComparison.Ordinal);
        Assert.Empty(inside.Requests);
    }

    [Theory]
    [InlineData("ftp://host/x")]
    [InlineData("file:///etc/passwd")]
    [InlineData("http://")]
    [InlineData("gopher://x")]
    public async Task ImportFromAsync_NoAddress_IsRefused(string source)
    {
        await AssertFailsAsync(EngineErrorKind.InvalidArgument, () => Imports.ImportFromAsync(source, new ImageImport()));
    }

    [Theory]
    [InlineData(404, EngineErrorKind.NotFound)]
    [InlineData(401, EngineErrorKind.Unauthenticated)]
    [InlineData(403, EngineErrorKind.Unauthenticated)]
    [InlineData(500, EngineErrorKind.Unavailable)]
    [InlineData(204, EngineErrorKind.Unavailable)]
    public async Task ImportFromAsync_OtherAnswers_AreTold(int status, EngineErrorKind kind)
    {
        await using var server = await FakeRegistry.StartAsync(context =>
        {
            context.Response.StatusCode = status;
            return Task.CompletedTask;
        });

        await AssertFailsAsync(kind, () => Imports.ImportFromAsync($"http://{server.Host}/", new ImageImport()));
    }

    [Theory]
    [InlineData("file:///etc/passwd")]
    [InlineData("unix:///run/docker.sock")]
    public async Task ImportFromAsync_RedirectToAnotherScheme_IsNotFollowed(string target)
    {
        await using var server = await RedirectAsync(target);

        await AssertFailsAsync(EngineErrorKind.Unavailable, () => Imports.ImportFromAsync($"http://{server.Host}/", new ImageImport()));
    }

    [Fact]
    public async Task ImportFromAsync_RedirectsWithoutEnd_AreGivenUp()
    {
        await using var server = await RedirectAsync("/again");

        await AssertFailsAsync(EngineErrorKind.Unavailable, () => Imports.ImportFromAsync($"http://{server.Host}/", new ImageImport()));

        Assert.Equal(11, server.Requests.Count);
    }

    [Fact]
    public async Task ImportFromAsync_AnswerThatBreaksOffOrIsTooLong_LeavesNothing()
    {
        await using var server = await FakeRegistry.StartAsync(async context =>
        {
            if (context.Request.Path == "/cut")
            {
                context.Response.ContentLength = s_archive.Length;
                await context.Response.Body.WriteAsync(s_archive.AsMemory(0, 700));
                await context.Response.Body.FlushAsync();
                context.Abort();
                return;
            }

            for (var i = 0; i < 100 && !context.RequestAborted.IsCancellationRequested; i++)
            {
                await context.Response.Body.WriteAsync(new byte[1 << 20], context.RequestAborted);
            }
        });
        await Engine.DisposeAsync();
        Engine = Open(change: options => options with { LayerLimits = new TarLimits { MaxBytes = 5 << 20 } });

        await AssertFailsAsync(EngineErrorKind.Unavailable, () => Imports.ImportFromAsync($"http://{server.Host}/cut", new ImageImport()));
        await AssertFailsAsync(EngineErrorKind.InvalidArgument, () => Imports.ImportFromAsync($"http://{server.Host}/long", new ImageImport()));

        Assert.Empty(Blobs());
        AssertNothingInTheMaking();
    }

    [Fact]
    public async Task ImportFromAsync_ServerThatSaysNothing_IsGivenUp()
    {
        await ReopenAsync(new ArchiveDownload(ImageEngine.Impatient));
        await using var server = await FakeRegistry.StartAsync(context => Task.Delay(Timeout.Infinite, context.RequestAborted));

        await AssertFailsAsync(EngineErrorKind.Unavailable, () => Imports.ImportFromAsync($"http://{server.Host}/", new ImageImport()));
    }

    [Theory]
    [InlineData("127.0.0.1", true)]
    [InlineData("10.1.2.3", true)]
    [InlineData("172.31.255.255", true)]
    [InlineData("172.32.0.1", false)]
    [InlineData("192.168.0.1", true)]
    [InlineData("169.254.169.254", true)]
    [InlineData("100.64.1.1", true)]
    [InlineData("0.0.0.0", true)]
    [InlineData("255.255.255.255", true)]
    [InlineData("93.184.216.34", false)]
    [InlineData("::1", true)]
    [InlineData("::ffff:127.0.0.1", true)]
    [InlineData("::ffff:93.184.216.34", false)]
    [InlineData("fd00::1", true)]
    [InlineData("fe80::1", true)]
    [InlineData("64:ff9b::a9fe:a9fe", true)]
    [InlineData("64:ff9b::5db8:d822", false)]
    [InlineData("2002:7f00:1::", true)]
    [InlineData("2606:2800:220:1:248:1893:25c8:1946", false)]
    public void InsideAddresses_OfEachKind_AreKnown(string address, bool inside)
    {
        Assert.Equal(inside, InsideAddresses.Contain(IPAddress.Parse(address)));
    }

    private static Task<FakeRegistry> ServeAsync() =>
        FakeRegistry.StartAsync(context => context.Response.Body.WriteAsync(s_archive).AsTask());

    private static Task<FakeRegistry> RedirectAsync(string target) => FakeRegistry.StartAsync(context =>
    {
        context.Response.StatusCode = StatusCodes.Status307TemporaryRedirect;
        context.Response.Headers.Location = target;
        return Task.CompletedTask;
    });

    private async Task ReopenAsync(ArchiveDownload download)
    {
        await Engine.DisposeAsync();
        Engine = Open(services => services.AddSingleton(download));
    }
}
