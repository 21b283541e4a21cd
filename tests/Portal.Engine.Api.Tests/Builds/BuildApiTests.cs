using System.Text;
using System.Text.Json.Nodes;
using Portal.Engine.Api.Tests.Hosting;
using Portal.Engine.Builds;
using Portal.Engine.Errors;
using Portal.Testing;

namespace Portal.Engine.Api.Tests.Builds;

public sealed class BuildApiTests : DockerApiTest
{
    [Fact]
    public async Task Build_Parameters_ReachTheBuilder()
    {
        var query = "/build?t=a&t=b:2&dockerfile=sub/Dockerfile&buildargs={\"A\":\"1\",\"B\":null}&labels={\"l\":\"v\"}"
            + "&target=stage&platform=linux/arm64&nocache=1&pull=1&networkmode=none&extrahosts=x:1.2.3.4&extrahosts=y:5.6.7.8"
            + "&shmsize=1000&memory=2000&memswap=-1&cpushares=5&cpusetcpus=0&cpuperiod=100000&cpuquota=150000&rm=1&forcerm=1&cpusetmems=0"
            + "&ulimits=[{\"Name\":\"nofile\",\"Soft\":10,\"Hard\":20}]&securityopt=[\"no-new-privileges\"]&cgroupparent=/mine"
            + "&cachefrom=[\"cache:1\"]";
        using var request = new HttpRequestMessage(HttpMethod.Post, query) { Content = new ByteArrayContent("tar"u8.ToArray()) };
        request.Headers.Add("X-Registry-Config", Convert.ToBase64String("{\"host:5000\":{\"username\":\"u\",\"password\":\"p\"}}"u8));
        using var response = await Host.Client.SendAsync(request);
        Assert.Equal(200, (int)response.StatusCode);

        var asked = Host.Builder.Request!;
        Assert.Equal("tar", Encoding.ASCII.GetString(Host.Builder.Context));
        Assert.Equal(["a", "b:2"], asked.Names);
        Assert.Equal(("sub/Dockerfile", "stage"), (asked.Dockerfile, asked.Target));
        Assert.Equal(("linux/arm64", "none"), (asked.Platform!.ToString(), asked.NetworkMode));
        Assert.Equal("1", asked.Arguments["A"]);
        Assert.Null(asked.Arguments["B"]);
        Assert.Equal("v", asked.Labels["l"]);
        Assert.True(asked.NoCache && asked.Pull);
        Assert.Equal(["x:1.2.3.4", "y:5.6.7.8"], asked.ExtraHosts);
        Assert.Equal((1000, 2000, -1, 1_500_000_000), (asked.ShmSize, asked.Resources.Memory, asked.Resources.MemorySwap, asked.Resources.NanoCpus));
        Assert.Equal(("nofile", 10, 20), asked.Ulimits.Select(limit => (limit.Name, limit.Soft, limit.Hard)).Single());
        Assert.Equal(["no-new-privileges"], asked.SecurityOptions);
        Assert.Equal("/mine", asked.CgroupParent);
        Assert.Equal(("0", "cache:1"), (asked.Resources.CpusetMems, asked.CacheFrom.Single()));
        Assert.Equal("u", asked.Credentials["host:5000"].Username);
    }

    [Fact]
    public async Task DiskUsage_OfTheCache_HasEachEntryWithWhatItIsMadeOn()
    {
        var json = await Host.GetJsonAsync("/system/df?type=build-cache");

        var (first, second) = (json["BuildCache"]![0]!.AsObject(), json["BuildCache"]![1]!.AsObject());
        Assert.False(first.ContainsKey("Parents"));
        Assert.Equal("abc", (string)Assert.Single(second["Parents"]!.AsArray())!);
        Assert.Equal((false, true), ((bool)first["InUse"]!, (bool)second["InUse"]!));
        Assert.Equal(("def", "regular", "RUN y", 8, 1, false), (
            (string)second["ID"]!, (string)second["Type"]!, (string)second["Description"]!, (int)second["Size"]!,
            (int)second["UsageCount"]!, (bool)second["Shared"]!));
    }

    [Fact]
    public async Task Build_Steps_AreToldInTheClassicBuildersWords()
    {
        Host.Builder.Steps = (report, _) =>
        {
            report(new BuildEvent { Kind = BuildEventKind.Started, Step = 1, Steps = 2, Text = "FROM busybox" });
            report(new BuildEvent { Kind = BuildEventKind.Finished, Step = 1, Steps = 2, Text = "aaaaaaaaaaaa" });
            report(new BuildEvent { Kind = BuildEventKind.Started, Step = 2, Steps = 2, Text = "RUN x" });
            report(new BuildEvent { Kind = BuildEventKind.Running, Step = 2, Text = "cccccccccccc" });

            // A character that is cut in two is still one.
            report(new BuildEvent { Kind = BuildEventKind.Output, Step = 2, Output = new byte[] { (byte)'o', 0xC3 } });
            report(new BuildEvent { Kind = BuildEventKind.Output, Step = 2, Output = new byte[] { 0xA9, (byte)'\n' } });
            report(new BuildEvent { Kind = BuildEventKind.Removed, Step = 2, Text = "cccccccccccc" });
            report(new BuildEvent { Kind = BuildEventKind.Finished, Step = 2, Text = "bbbbbbbbbbbb" });
            return Task.CompletedTask;
        };

        var documents = await BuildAsync("/build?t=name");

        Assert.Equal(
            "Step 1/2 : FROM busybox\n ---> aaaaaaaaaaaa\nStep 2/2 : RUN x\n ---> Running in cccccccccccc\noé\n"
            + "Removing intermediate container cccccccccccc\n ---> bbbbbbbbbbbb\nSuccessfully built 0123456789ab\nSuccessfully tagged name:latest\n",
            string.Concat(documents.Select(document => (string?)document["stream"])));
        Assert.Equal(Fakes.FakeBuilder.ImageId, (string)documents.Single(document => document["aux"] is not null)["aux"]!["ID"]!);
        Assert.Equal($"{Fakes.FakeBuilder.ImageId}\n", (string)Assert.Single(await BuildAsync("/build?q=1"))["stream"]!);
    }

    [Fact]
    public async Task Build_Failures_AreStatusesBeforeTheFirstStepAndDocumentsAfterIt()
    {
        Host.Builder.Steps = (_, _) => throw EngineException.InvalidArgument("Dockerfile:1: bad");
        Assert.Equal((400, "Dockerfile:1: bad"), await ReadErrorAsync(await PostAsync("/build")));

        Host.Builder.Steps = (report, _) =>
        {
            report(new BuildEvent { Kind = BuildEventKind.Started, Step = 1, Steps = 1, Text = "RUN x" });
            throw EngineException.NotFound("gone");
        };
        var last = (await BuildAsync("/build"))[^1];
        Assert.Equal(("gone", "gone"), ((string)last["error"]!, (string)last["errorDetail"]!["message"]!));
    }

    [Theory]
    [InlineData("version=2")]
    [InlineData("version=3")]
    [InlineData("version=1&session=abc")]
    [InlineData("shmsize=1k")]
    [InlineData("cpuquota=all")]
    [InlineData("platform=a/b/c/d/e")]
    [InlineData("securityopt={}")]
    [InlineData("squash=1")]
    [InlineData("outputs=[{}]")]
    [InlineData("ulimits=[1]")]
    [InlineData("cachefrom=x")]
    [InlineData("buildargs=[1]")]
    [InlineData("buildargs={\"a\":1}")]
    [InlineData("memory=much")]
    [InlineData("isolation=hyperv")]
    public async Task Build_WhatCantBeHad_IsRefused(string query) =>
        Assert.Equal(400, (await ReadErrorAsync(await PostAsync($"/build?{query}"))).Status);

    [Fact]
    public async Task Build_ClientThatGoes_StopsTheBuild()
    {
        var begun = new TaskCompletionSource();
        var stopped = new TaskCompletionSource();
        Host.Builder.Steps = async (report, token) =>
        {
            report(new BuildEvent { Kind = BuildEventKind.Started, Step = 1, Steps = 1, Text = "RUN x" });
            begun.SetResult();
            try
            {
                await Task.Delay(Timeout.Infinite, token);
            }
            finally
            {
                stopped.SetResult();
            }
        };
        using var leave = new CancellationTokenSource();
        using var request = new HttpRequestMessage(HttpMethod.Post, "/build") { Content = new ByteArrayContent([]) };
        var sending = Host.Client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, leave.Token);
        await begun.Task.WaitAsync(TestSettings.Within(TimeSpan.FromSeconds(30)));
        (await sending).Dispose();

        await stopped.Task.WaitAsync(TestSettings.Within(TimeSpan.FromSeconds(30)));
    }

    [Fact]
    public async Task Prune_Filters_ReachTheCache()
    {
        using var response = await PostAsync("/build/prune?keep-storage=500&filters={\"until\":[\"24h\"]}");
        var json = JsonNode.Parse(await response.Content.ReadAsStringAsync())!;

        Assert.Equal((500, TimeSpan.FromDays(1)), (Host.Builder.Pruning!.KeepBytes, Host.Builder.Pruning.UnusedFor));
        Assert.True(Host.Builder.Pruning.KeepShared);
        Assert.Equal("abc", (string)Assert.Single(json["CachesDeleted"]!.AsArray())!);
        Assert.Equal(7, (long)json["SpaceReclaimed"]!);
    }

    [Fact]
    public async Task Prune_UntilAMoment_IsAnAge()
    {
        using var response = await PostAsync("/build/prune?filters={\"until\":[\"2001-02-03T04:05:06Z\"]}");

        Assert.Equal(200, (int)response.StatusCode);
        Assert.InRange(Host.Builder.Pruning!.UnusedFor!.Value, TimeSpan.FromDays(365 * 20), TimeSpan.FromDays(365 * 200));
    }

    [Fact]
    public async Task Prune_AllWithFilters_ReachesTheCache()
    {
        const string Filters = "{\"type\":[\"regular\"],\"description\":[\"RUN x\"],\"private\":{\"true\":true},\"id\":[\"a\",\"b\"]}";
        using var response = await PostAsync($"/build/prune?all=1&filters={Uri.EscapeDataString(Filters)}");

        Assert.Equal(200, (int)response.StatusCode);
        var asked = Host.Builder.Pruning!;
        Assert.False(asked.KeepShared);
        Assert.Equal(("regular", "RUN x", false), (asked.Kind, asked.Description, asked.IsShared));
        Assert.Equal(["a", "b"], asked.Ids);
    }

    [Theory]
    [InlineData("{\"inuse\":[\"true\"]}")]
    [InlineData("{\"parent\":[\"abc\"]}")]
    [InlineData("{\"shared\":[\"true\"],\"private\":[\"true\"]}")]
    public async Task Prune_OfWhatIsNeverRemoved_RemovesNothing(string filters)
    {
        using var response = await PostAsync($"/build/prune?all=1&filters={Uri.EscapeDataString(filters)}");
        var json = JsonNode.Parse(await response.Content.ReadAsStringAsync())!;

        Assert.Null(Host.Builder.Pruning);
        Assert.Equal((0, 0), (json["CachesDeleted"]!.AsArray().Count, (long)json["SpaceReclaimed"]!));
    }

    [Theory]
    [InlineData("{\"type\":[\"a\",\"b\"]}")]
    [InlineData("{\"shared\":[\"perhaps\"]}")]
    [InlineData("{\"color\":[\"red\"]}")]
    public async Task Prune_OfFiltersThatMeanNothing_IsRefused(string filters) =>
        Assert.Equal(400, (await ReadErrorAsync(await PostAsync($"/build/prune?filters={Uri.EscapeDataString(filters)}"))).Status);

    private Task<HttpResponseMessage> PostAsync(string path) =>
        Host.Client.PostAsync(new Uri(path, UriKind.Relative), new ByteArrayContent([]));

    private async Task<List<JsonNode>> BuildAsync(string path)
    {
        using var response = await PostAsync(path);
        Assert.Equal(200, (int)response.StatusCode);
        var text = await response.Content.ReadAsStringAsync();
        return [.. text.Split("\r\n", StringSplitOptions.RemoveEmptyEntries).Select(line => JsonNode.Parse(line)!)];
    }
}
