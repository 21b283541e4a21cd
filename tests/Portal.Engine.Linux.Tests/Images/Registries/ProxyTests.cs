using System.Net;
using System.Text;
using Microsoft.AspNetCore.Http;
using Portal.Engine.Distribution.Connections;
using Portal.Engine.Distribution.Queries;
using Portal.Engine.Errors;
using Portal.Testing.Registries;

namespace Portal.Engine.Linux.Tests.Images.Registries;

public sealed class ProxyTests : ImageTestBase
{
    private const string Registry = "registry.invalid:5000";

    [Theory]
    [InlineData("", "https://example.com/", true)]
    [InlineData("*", "https://example.com/", false)]
    [InlineData("example.com", "https://example.com/", false)]
    [InlineData("example.com", "https://a.Example.com/", false)]
    [InlineData("example.com", "https://badexample.com/", true)]
    [InlineData(".example.com", "https://example.com/", true)]
    [InlineData(".example.com", "https://a.example.com/", false)]
    [InlineData("*.example.com", "https://a.example.com/", false)]
    [InlineData("other, example.com:8443", "https://example.com:8443/", false)]
    [InlineData("example.com:8443", "https://example.com/", true)]
    [InlineData("10.0.0.0/8", "https://10.1.2.3/", false)]
    [InlineData("10.0.0.0/8", "https://11.1.2.3/", true)]
    [InlineData("10.1.2.3", "https://10.1.2.3:5000/", false)]
    [InlineData("fd00::/8", "https://[fd00::1]:5000/", false)]
    [InlineData("[fd00::1]:5000", "https://[fd00::1]:5000/", false)]
    [InlineData("", "https://127.0.0.1:5000/", false)]
    [InlineData("", "https://localhost/", false)]
    [InlineData("", "https://[::1]/", false)]
    public void GetProxy_Exceptions_FollowGosRules(string except, string address, bool expected)
    {
        var proxy = new RegistryProxy(new RegistryProxyOptions { Http = "plain:1", Https = "https://secure:2", Except = except });

        Assert.Equal(expected ? new Uri("https://secure:2/") : null, proxy.GetProxy(new Uri(address)));
        Assert.Equal(!expected, proxy.IsBypassed(new Uri(address)));
    }

    [Fact]
    public void GetProxy_Scheme_ChoosesTheProxyAndItsLogin()
    {
        var proxy = new RegistryProxy(new RegistryProxyOptions { Http = "http://ann:p%40ss@plain:1", Https = "" });

        Assert.Equal(new Uri("http://plain:1/"), proxy.GetProxy(new Uri("http://example.com/")));
        Assert.Null(proxy.GetProxy(new Uri("https://example.com/")));
        var login = proxy.Credentials!.GetCredential(new Uri("http://plain:1/"), "Basic")!;
        Assert.Equal(("ann", "p@ss"), (login.UserName, login.Password));
    }

    [Theory]
    [InlineData("http://ann:secret@proxy:1", "http://xxxxx:xxxxx@proxy:1")]
    [InlineData("ann:secret@proxy", "xxxxx:xxxxx@proxy")]
    [InlineData("proxy:1", "proxy:1")]
    public void Mask_Password_IsNotShown(string proxy, string expected)
    {
        Assert.Equal(expected, RegistryProxyOptions.Mask(proxy));
    }

    [Fact]
    public void FromEnvironment_CapitalsOrNot_IsRead()
    {
        var variables = new Dictionary<string, string> { ["HTTP_PROXY"] = "a", ["http_proxy"] = "b", ["https_proxy"] = "c" };

        Assert.Equal(
            new RegistryProxyOptions { Http = "a", Https = "c" },
            RegistryProxyOptions.FromEnvironment(name => variables.GetValueOrDefault(name)));
    }

    [Fact]
    public async Task Request_ThroughAProxyThatWantsALogin_ArrivesThere()
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
                hosts.Add(context.Request.Host.Value!);
            }

            await context.Response.WriteAsync("{}");
        });
        await UseAsync(new RegistryProxyOptions { Http = $"http://ann:secret@{proxy.Host}" });

        Assert.Equal(new RegistryCheck(IsSecure: false, IsAuthenticated: false), await Engine.Get<IRegistryQueries>().CheckAsync(Registry, null));

        Assert.All(hosts, host => Assert.Equal(Registry, host));
        Assert.NotEmpty(hosts);
    }

    [Fact]
    public async Task Request_ToALoopbackRegistry_GoesThereStraight()
    {
        await using var proxy = await FakeRegistry.StartAsync(_ => Task.CompletedTask);
        await using var registry = await RegistryFixture.StartAsync();
        await UseAsync(new RegistryProxyOptions { Http = $"http://{proxy.Host}", Https = $"http://{proxy.Host}" });

        await Engine.Get<IRegistryQueries>().CheckAsync(registry.Host, null);

        Assert.Empty(proxy.Requests);
    }

    [Fact]
    public async Task Request_ProxyRefuses_TheMessageHoldsNoPassword()
    {
        await using var proxy = await FakeRegistry.StartAsync(context =>
        {
            context.Response.StatusCode = 403;
            return Task.CompletedTask;
        });
        await UseAsync(new RegistryProxyOptions { Http = $"http://ann:secret@{proxy.Host}" });

        var failure = await AssertFailsAsync(
            EngineErrorKind.Forbidden, () => Engine.Get<IRegistryQueries>().CheckAsync(Registry, null));

        Assert.DoesNotContain("secret", failure.ToString());
    }

    private async Task UseAsync(RegistryProxyOptions proxy)
    {
        await Engine.DisposeAsync();
        Engine = Open(change: options => options with
        {
            InsecureRegistries = [Registry],
            Registries = new RegistryOptions { Proxy = proxy },
        });
    }
}
