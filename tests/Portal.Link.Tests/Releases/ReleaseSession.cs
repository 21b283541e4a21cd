using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Portal.Web.Tests.Support;

namespace Portal.Link.Tests.Releases;

/// <summary>
/// The administrator's browser and a program of theirs, by what all releases have in common: forms, cookies and the REST API. Nothing of
/// the code under test is in it.
/// </summary>
internal sealed partial class ReleaseSession : IDisposable
{
    public const string Password = "correct-horse-battery";
    private readonly CookieContainer _cookies = new();
    private readonly HttpClient _browser;
    private string _token = "";

    private ReleaseSession(int port) => _browser = Client(port, _cookies);

    /// <summary>Signs in at a portal by its form and makes an API token there as its pages do.</summary>
    public static async Task<ReleaseSession> OpenAsync(int port)
    {
        var session = new ReleaseSession(port);
        using (var answer = await session._browser.PostSignInAsync("admin", Password))
        {
            Assert.Equal(HttpStatusCode.Redirect, answer.StatusCode);
        }

        using var request = new HttpRequestMessage(HttpMethod.Post, "/api/v1/tokens") { Content = JsonContent.Create(new { name = "programs" }) };
        var form = AntiforgeryField().Match(await session._browser.GetStringAsync("/"));
        request.Headers.Add("RequestVerificationToken", WebUtility.HtmlDecode(form.Groups["value"].Value));
        using var made = await session._browser.SendAsync(request);
        session._token = (string)(await ReadAsync(made, HttpStatusCode.Created))["token"]!;
        return session;
    }

    /// <summary>A page, in the session that began at the portal that this was opened at.</summary>
    /// <returns>Its HTML.</returns>
    public async Task<string> PageAsync(int port, string path)
    {
        using var browser = Client(port, _cookies);
        using var answer = await browser.GetAsync(path);
        Assert.True(answer.StatusCode == HttpStatusCode.OK, $"{path} at port {port}: {(int)answer.StatusCode}");
        return await answer.Content.ReadAsStringAsync();
    }

    public async Task<JsonNode> GetAsync(int port, string path)
    {
        using var program = Program(port);
        using var answer = await program.GetAsync("/api/v1" + path);
        return await ReadAsync(answer, HttpStatusCode.OK);
    }

    public async Task<JsonNode> PostAsync(int port, string path, object body, HttpStatusCode expected = HttpStatusCode.Created)
    {
        using var program = Program(port);
        using var answer = await program.PostAsJsonAsync("/api/v1" + path, body);
        return await ReadAsync(answer, expected);
    }

    public void Dispose() => _browser.Dispose();

    private HttpClient Program(int port)
    {
        var client = Client(port, new CookieContainer());
        client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", _token);
        return client;
    }

    private static HttpClient Client(int port, CookieContainer cookies)
    {
        var client = new HttpClient(new SocketsHttpHandler { CookieContainer = cookies, AllowAutoRedirect = false })
        {
            BaseAddress = new Uri($"http://127.0.0.1:{port}"),
        };
        client.DefaultRequestHeaders.Accept.ParseAdd("text/html, application/json");
        return client;
    }

    private static async Task<JsonNode> ReadAsync(HttpResponseMessage answer, HttpStatusCode expected)
    {
        var body = await answer.Content.ReadAsStringAsync();
        Assert.True(
            answer.StatusCode == expected, $"{answer.RequestMessage!.Method} {answer.RequestMessage.RequestUri}: {(int)answer.StatusCode} {body}");
        return body.Length > 0 ? JsonNode.Parse(body)! : new JsonObject();
    }

    [GeneratedRegex("name=\"__RequestVerificationToken\" value=\"(?<value>[^\"]+)\"")]
    private static partial Regex AntiforgeryField();
}
