using System.Formats.Tar;
using System.Text;
using Google.Protobuf;
using Grpc.Core;
using Portal.Agent.Hosting;
using Portal.Contracts.Docker.V1;
using Portal.Contracts.Permissions;
using Portal.Contracts.Policies;
using Portal.Contracts.Policies.V1;
using Portal.Link.Tests.Environment;
using Portal.Testing;
using Portal.Testing.Agents;
using Portal.Testing.Databases;
using Portal.Testing.Images;
using Portal.Testing.Processes;
using Portal.Testing.Registries;
using Portal.Web.Nodes;
using Policy = Portal.Contracts.Policies.Policy;
using PolicyRules = Portal.Contracts.Policies.PolicyRules;
using SignatureRule = Portal.Contracts.Policies.SignatureRule;

namespace Portal.Link.Tests;

/// <summary>A policy that wants images signed, on a node with its own engine, with Debian's registry. Nothing between them is a fake.</summary>
public sealed class SignedImageTests(PostgresFixture postgres) : IClassFixture<PostgresFixture>, IAsyncLifetime
{
    private static readonly string[] s_bound = [.. PermissionCatalog.All.Select(one => one.Name).Except([PermissionNames.PoliciesBypass])];
    private readonly TestInstance _folders = new();
    private readonly CosignSigner _signer = new();
    private TestPortal _portal = null!;
    private RealAgent _agent = null!;
    private RegistryFixture _registry = null!;
    private Guid _node;

    public Task InitializeAsync() => Disposal.UnlessBegunAsync(BeginAsync, DisposeAsync);

    public async Task DisposeAsync()
    {
        _signer.Dispose();
        await Disposal.AllAsync(_agent, _portal, _registry, _folders);
    }

    [Fact]
    public async Task Docker_ImagesOfACoveredRepository_AreUsedOnlyAsSigned()
    {
        await WantAsync($"{_registry.Host}/team/*");
        var unsigned = await PushAsync("unsigned");
        var (tagged, bundled, strange) = (await PushAsync("tagged"), await PushAsync("bundled"), await PushAsync("strange"));
        await _signer.SignAsync(tagged);
        await CosignBundle.SignAsync(_signer, bundled);
        using var stranger = new CosignSigner();
        await stranger.SignAsync(strange);

        // Pulls: refused in words that say what to do, and before anything is on the node.
        var refusal = await PullAsync(unsigned);
        Assert.Contains("there is no signature of", refusal, StringComparison.Ordinal);
        Assert.Contains("cosign sign --key KEY", refusal, StringComparison.Ordinal);
        Assert.Contains("pull it again", refusal, StringComparison.Ordinal);
        Assert.Contains("not trusted", await PullAsync(strange), StringComparison.Ordinal);
        var byDigest = $"{unsigned[..^":1".Length]}@{await CosignSigner.DigestAsync(unsigned)}";
        Assert.Contains("there is no signature", await PullAsync(byDigest), StringComparison.Ordinal);
        Assert.DoesNotContain("does not allow", await PullAsync(tagged), StringComparison.Ordinal);
        Assert.DoesNotContain("does not allow", await PullAsync(bundled), StringComparison.Ordinal);
        var names = (await _agent.Docker.GetAsync("images/json")).AsArray().SelectMany(image => image!["RepoTags"]!.AsArray()).Select(tag => (string)tag!);
        Assert.Equal([bundled, tagged, "busybox:latest"], names.Order());

        // Containers and bases of builds; what came by an archive, or got the name here, as little as what was pulled unsigned.
        Assert.Contains("\"Id\"", await CreateAsync(tagged), StringComparison.Ordinal);
        Assert.Contains("\"Id\"", await CreateAsync(bundled), StringComparison.Ordinal);
        await _agent.Docker.PostAsync($"images/busybox/tag?repo={Uri.EscapeDataString($"{_registry.Host}/team/named")}&tag=1");
        Assert.Contains("there is no signature", await CreateAsync($"{_registry.Host}/team/named:1"), StringComparison.Ordinal);
        Assert.Contains("Successfully built", await BuildAsync($"FROM {tagged}\nENV A=b"), StringComparison.Ordinal);
        Assert.Contains("there is no signature", await BuildAsync($"FROM {unsigned}\nENV A=b"), StringComparison.Ordinal);
        Assert.Contains("there is no signature", await BuildAsync($"FROM {_registry.Host}/team/named:1\nENV A=b"), StringComparison.Ordinal);
        Assert.Contains("there is no signature", await BuildAsync($"FROM {tagged}\nCOPY --from={unsigned} /name /other"), StringComparison.Ordinal);

        // A tag that moved after it was signed: what was pulled before stays usable, what the tag means now is refused.
        await PushAsync("tagged", "changed");
        Assert.Contains("there is no signature", await PullAsync(tagged), StringComparison.Ordinal);
        Assert.Contains("there is no signature", await CheckAsync(tagged, pulls: true), StringComparison.Ordinal);
        Assert.Equal("", await CheckAsync(tagged, pulls: false));
        Assert.Contains("\"Id\"", await CreateAsync(tagged), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Docker_ImageFromBeforeTheRule_IsRefusedUntilItIsSigned()
    {
        var reference = await PushAsync("early");
        await PullAsync(reference);
        Assert.Contains("\"Id\"", await CreateAsync(reference), StringComparison.Ordinal);
        await WantAsync("*");

        Assert.Contains("there is no signature", await CreateAsync(reference), StringComparison.Ordinal);
        Assert.Contains("does not allow", await CreateAsync("busybox"), StringComparison.Ordinal);
        await _signer.SignAsync(reference);
        Assert.Contains("\"Id\"", await CreateAsync(reference), StringComparison.Ordinal);

        // Another name brings no signature with it, nor does a digest or an id of what has none.
        await _agent.Docker.PostAsync($"images/busybox/tag?repo={Uri.EscapeDataString($"{_registry.Host}/team/early")}&tag=2");
        Assert.Contains("does not allow", await CreateAsync($"{_registry.Host}/team/early:2"), StringComparison.Ordinal);
        var id = (string)(await _agent.Docker.GetAsync("images/busybox/json"))["Id"]!;
        Assert.Contains("does not allow", await CreateAsync(id), StringComparison.Ordinal);
        Assert.Contains("does not allow", await CreateAsync(id[7..19]), StringComparison.Ordinal);

        // Built here, pushed and signed there: the digest of what was pushed is known without a pull.
        await _agent.Docker.PostAsync($"images/busybox/tag?repo={Uri.EscapeDataString($"{_registry.Host}/team/built")}&tag=1");
        await PostAsync($"/images/{_registry.Host}/team/built/push", "?tag=1");
        Assert.Contains("there is no signature", await CreateAsync($"{_registry.Host}/team/built:1"), StringComparison.Ordinal);
        await CosignBundle.SignAsync(_signer, $"{_registry.Host}/team/built:1");
        Assert.Contains("\"Id\"", await CreateAsync($"{_registry.Host}/team/built:1"), StringComparison.Ordinal);
    }

    private Task<string> PushAsync(string name, string content = "good") =>
        _registry.PushAsync(new TestImageBuilder().AddFile("name", name + content), $"team/{name}:1");

    private async Task WantAsync(string pattern)
    {
        var rules = new PolicyRules { Signatures = [new SignatureRule(pattern, [_signer.PublicKey])] };
        var request = new SetPoliciesRequest { Version = 7, Policies = { PolicyMapping.ToMessage(new Policy("signed", rules)) } };
        var client = new PolicyService.PolicyServiceClient(Invoker());
        Assert.True((await client.SetPoliciesAsync(request)).LooksAtSignatures);
    }

    private async Task<string> CheckAsync(string image, bool pulls) =>
        (await new PolicyService.PolicyServiceClient(Invoker()).CheckImageAsync(new CheckImageRequest { Image = image, Pulls = pulls })).Refusal;

    private Task<string> PullAsync(string image)
    {
        var at = image.IndexOf('@', StringComparison.Ordinal);
        var end = at > 0 ? at : image.LastIndexOf(':');
        return PostAsync("/images/create", $"?fromImage={Uri.EscapeDataString(image[..end])}&tag={Uri.EscapeDataString(image[(end + 1)..])}");
    }

    private Task<string> CreateAsync(string image) => PostAsync("/containers/create", "", $$"""{"Image":"{{image}}","Cmd":["x"]}""");

    private async Task<string> BuildAsync(string file)
    {
        using var context = new MemoryStream();
        await using (var writer = new TarWriter(context, leaveOpen: true))
        {
            await writer.WriteEntryAsync(
                new PaxTarEntry(TarEntryType.RegularFile, "Dockerfile") { DataStream = new MemoryStream(Encoding.UTF8.GetBytes(file)) });
        }

        return await PostAsync("/build", "", "", context.ToArray());
    }

    // All that the node answers: what it sends, or why it sends nothing.
    private async Task<string> PostAsync(string path, string query, string body = "", byte[]? context = null)
    {
        using var call = new DockerService.DockerServiceClient(Invoker()).Send();
        var length = context?.Length ?? body.Length;
        var head = new DockerRequestHead
        {
            Method = "POST",
            Path = path,
            Query = query,
            Body = ByteString.CopyFromUtf8(body),
            Headers =
            {
                new DockerHeader { Name = "Content-Type", Value = context is null ? "application/json" : "application/x-tar" },
                new DockerHeader { Name = "Content-Length", Value = $"{length}" },
                new DockerHeader { Name = "X-Registry-Auth", Value = "e30=" },
            },
        };
        var answer = new StringBuilder();
        try
        {
            await call.RequestStream.WriteAsync(new SendRequest { Head = head });
            if (context is not null)
            {
                await call.RequestStream.WriteAsync(new SendRequest { Data = ByteString.CopyFrom(context) });
            }

            await call.RequestStream.CompleteAsync();
            while (await call.ResponseStream.MoveNext())
            {
                answer.Append(call.ResponseStream.Current.Data.ToStringUtf8());
            }

            return answer.ToString();
        }
        catch (RpcException failure)
        {
            return failure.Status.Detail;
        }
    }

    private CallInvoker Invoker() => _portal.Clients.For(_node, TestPortal.Admin, s_bound);

    private async Task BeginAsync()
    {
        _registry = await RegistryFixture.StartAsync();
        _portal = await TestPortal.StartAsync(postgres.ConnectionString, _folders.DataRoot);
        var folders = new TestInstance();
        _agent = new RealAgent(folders, new AgentPaths(folders.DataRoot, folders.RunRoot).InstanceName);
        await Eventually.HoldsAsync(() => JoinAsync(folders), "the agent has joined");
        await _agent.StartWithBusyboxAsync();
        await Soon.TrueAsync(() => Online().Any(), "the node is online");
        _node = Online().Single();
    }

    private IEnumerable<Guid> Online() =>
        _portal.Fleet.Current.Nodes.Values.Where(node => node.Presence == NodePresence.Online).Select(node => node.Id);

    // On a busy host the first answer of a portal that has just started takes longer than a person who joins a host would wait.
    private async Task<bool> JoinAsync(TestInstance folders)
    {
        var file = folders.TempPath("join-token");
        await File.WriteAllTextAsync(file, await _portal.MakeTokenAsync());
        var joined = await Tool.TryRunAsync(
            "dotnet", Path.Combine(AppContext.BaseDirectory, "Portal.Agent.dll"), "join", $"{_portal.Url}", "--token-file", file,
            "--data", folders.DataRoot, "--run", folders.RunRoot);
        return joined.ExitCode == 0;
    }
}
