using System.Net;
using System.Text;
using Microsoft.AspNetCore.Http;
using Portal.Engine.Distribution.Connections;
using Portal.Engine.Errors;
using Portal.Engine.Images.Importing;
using Portal.Testing.Images;
using Portal.Testing.Registries;

namespace Portal.Engine.Linux.Tests.Images.Registries;

/// <summary>Archives from addresses, on hosts that only a proxy leads out of.</summary>
public sealed class ImportProxyTests : ImageTestBase
{
    private const string Archive = "http://archives.invalid/a.tar";
    private static readonly byte[] s_archive = new TestImageBuilder().AddFile("etc/hello", "world").Layers[0];

    [Fact]
    public async Task ImportFromAsync_ThroughAProxyThatWantsALogin_BringsTheArchive()
    {
        var login = "Basic " + Convert.ToBase64String(Encoding.ASCII.GetBytes("ann:secret"));
        var hosts = new List<string>();
        await using var proxy = await FakeRegistry.StartAsync(async context =>
        {
            if (context.Request.Headers.ProxyAuthorization != login)
            {
                context.Response.StatusCode = (int)HttpStatusCode.ProxyAuthenticationRequired;
                context.Response.Headers.ProxyAuthenticate = "Basic realm=\"proxy\"";
                return;
            }

            lock (hosts)
            {
                hosts.Add(context.Request.Host.Value! + context.Request.Path);
            }

            await context.Response.Body.WriteAsync(s_archive);
        });
        await UseAsync(new RegistryProxyOptions { Http = $"http://ann:secret@{proxy.Host}" });

        var image = await ImportAsync(Archive);

        Assert.Equal([TestImageBuilder.Digest(s_archive)], image.DiffIds);
        Assert.Equal(["archives.invalid/a.tar"], hosts);
    }

    [Fact]
    public async Task ImportFromAsync_HostThatIsExcepted_IsAskedItself()
    {
        await using var proxy = await FakeRegistry.StartAsync(_ => Task.CompletedTask);
        await using var server = await FakeRegistry.StartAsync(context => context.Response.Body.WriteAsync(s_archive).AsTask());
        await UseAsync(new RegistryProxyOptions { Http = $"http://{proxy.Host}" });

        await ImportAsync($"http://{server.Host}/a.tar");

        Assert.Empty(proxy.Requests);
    }

    [Theory]
    [InlineData("http://169.254.169.254/latest/meta-data")]
    [InlineData("http://10.0.0.1/")]
    [InlineData("http://127.0.0.1:1/")]
    [InlineData("http://localhost:1/")]
    public async Task ImportFromAsync_RedirectFromBehindTheProxyIntoAPrivateNetwork_IsForbidden(string target)
    {
        await using var proxy = await FakeRegistry.StartAsync(context =>
        {
            context.Response.StatusCode = 302;
            context.Response.Headers.Location = target;
            return Task.CompletedTask;
        });
        await UseAsync(new RegistryProxyOptions { Http = $"http://{proxy.Host}" });

        await AssertFailsAsync(EngineErrorKind.Forbidden, () => ImportAsync(Archive));

        Assert.Single(proxy.Requests);
    }

    [Fact]
    public async Task ImportFromAsync_ProxyThatIsAway_IsUnavailableWithoutThePassword()
    {
        await UseAsync(new RegistryProxyOptions { Http = "http://ann:secret@127.0.0.1:1" });

        var failure = await AssertFailsAsync(EngineErrorKind.Unavailable, () => ImportAsync(Archive));

        Assert.DoesNotContain("secret", failure.ToString());
    }

    private Task<Portal.Engine.Images.ImageDetails> ImportAsync(string address) =>
        Engine.Get<IImageImports>().ImportFromAsync(address, new ImageImport());

    private async Task UseAsync(RegistryProxyOptions proxy)
    {
        await Engine.DisposeAsync();
        Engine = Open(change: options => options with { Registries = new RegistryOptions { Proxy = proxy } });
    }
}
