using System.Net;
using System.Text;
using Portal.Engine.Api.Tests.Hosting;
using Portal.Testing.Fuzzing;

namespace Portal.Engine.Api.Tests.Routing;

/// <summary>What clients send in queries, headers and bodies, spoiled: an answer or a refusal, never a failure of the engine.</summary>
public sealed class RequestFuzzTests : DockerApiTest
{
    private static readonly string[] s_filters =
    [
        """{"status":["exited","running"],"label":["a=b"],"name":["x"]}""", """{"dangling":{"true":true},"reference":["busy*"]}""",
        """{"until":["24h"],"label!":["keep"]}""", """{"type":["container"],"event":["start"]}""",
    ];

    private static readonly string[] s_bodies =
    [
        """
        {"Image":"busybox","Cmd":["sh","-c","true"],"Env":["A=1"],"Labels":{"a":"b"},"ExposedPorts":{"80/tcp":{}},"Tty":true,"Volumes":{"/x":{}},
        "HostConfig":{"Binds":["/a:/b:ro"],"PortBindings":{"80/tcp":[{"HostIp":"127.0.0.1","HostPort":"8080"}]},"Memory":4194304,
        "RestartPolicy":{"Name":"on-failure","MaximumRetryCount":3},"Mounts":[{"Type":"volume","Source":"v","Target":"/v"}],
        "LogConfig":{"Type":"json-file","Config":{"max-size":"10m"} },"NetworkMode":"bridge"},
        "NetworkingConfig":{"EndpointsConfig":{"bridge":{"IPAMConfig":{"IPv4Address":"172.17.0.9"},"Aliases":["x"]} } } }
        """,
    ];

    private static readonly string[] s_logins = ["""{"username":"u","password":"p","serveraddress":"r.example.com"}""", """{"identitytoken":"t"}"""];

    [Theory]
    [InlineData("GET", "/containers/json?all=1&filters=")]
    [InlineData("GET", "/images/json?filters=")]
    [InlineData("POST", "/images/prune?filters=")]
    public Task Filters_Spoiled_AreUsedOrRefused(string method, string path)
    {
        return Fuzzer.RunAsync(300, async mutator =>
        {
            var filters = Uri.EscapeDataString(Encoding.UTF8.GetString(mutator.Json(s_filters)));
            await SendAsync(new HttpRequestMessage(new HttpMethod(method), new Uri(path + filters[..Math.Min(filters.Length, 4000)], UriKind.Relative)));
        });
    }

    [Fact]
    public Task CreateBodies_Spoiled_AreUsedOrRefused()
    {
        return Fuzzer.RunAsync(1000, async mutator =>
        {
            var body = new ByteArrayContent(mutator.Json(s_bodies));
            body.Headers.ContentType = new("application/json");
            await SendAsync(new HttpRequestMessage(HttpMethod.Post, new Uri("/containers/create", UriKind.Relative)) { Content = body });
        });
    }

    [Fact]
    public Task Logins_Spoiled_AreUsedOrRefused()
    {
        return Fuzzer.RunAsync(500, async mutator =>
        {
            var message = new HttpRequestMessage(HttpMethod.Post, new Uri("/images/create?fromImage=busybox&tag=latest", UriKind.Relative));
            var login = Convert.ToBase64String(mutator.Json(s_logins)).Replace('+', '-').Replace('/', '_');
            message.Headers.TryAddWithoutValidation("X-Registry-Auth", mutator.Random.Next(3) == 0 ? login[..(login.Length / 2)] : login);
            await SendAsync(message);
        });
    }

    private async Task SendAsync(HttpRequestMessage message)
    {
        using (message)
        using (var answer = await Host.Client.SendAsync(message))
        {
            var text = await answer.Content.ReadAsStringAsync();
            Assert.True((int)answer.StatusCode is < 500 or (int)HttpStatusCode.NotImplemented, $"{(int)answer.StatusCode}: {text}");
        }
    }
}
