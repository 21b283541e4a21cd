using System.Text.Json;
using Portal.Web.Features.Updates.Containers;

namespace Portal.Web.Tests.Features.Updates.Containers;

/// <summary>What of a container is the person's and goes on, and what was its image's and does not.</summary>
public sealed class SuccessorBodyTests
{
    private static readonly string s_id = string.Concat(Enumerable.Repeat("0123456789abcdef", 4));
    private static readonly string s_volume = string.Concat(Enumerable.Repeat("fedcba9876543210", 4));

    [Fact]
    public void Settings_OfThePerson_Stay_AndThoseOfTheImageDoNot()
    {
        var container = Container(
            """
            {"Hostname":"0123456789ab","Image":"r.example/web:1","Env":["PATH=/bin","VERSION=1","KEY=mine"],"Cmd":["serve"],"Entrypoint":["/run"],
             "WorkingDir":"/app","User":"","Labels":{"of":"image","mine":"1","both":"changed"},"ExposedPorts":{"80/tcp":{},"81/tcp":{}},"Tty":true}
            """,
            """{"NetworkMode":"bridge","RestartPolicy":{"Name":"always"},"Memory":1000,"Runtime":"runc","ContainerIDFile":"/x","Links":["/db:/web/data"]}""");
        var image = Json(
            """
            {"Config":{"Env":["PATH=/bin","VERSION=1"],"Cmd":["serve"],"Entrypoint":["/run"],"WorkingDir":"/app",
             "Labels":{"of":"image","both":"as it was"},"ExposedPorts":{"80/tcp":{}}}}
            """);

        var body = SuccessorBody.Of(container, image);

        Assert.Equal("""["KEY=mine"]""", body["Env"]!.ToJsonString());
        Assert.Equal("""{"mine":"1","both":"changed"}""", body["Labels"]!.ToJsonString());
        Assert.Equal("""{"81/tcp":{}}""", body["ExposedPorts"]!.ToJsonString());
        Assert.All(new[] { "Hostname", "Cmd", "Entrypoint", "WorkingDir" }, name => Assert.False(body.ContainsKey(name), name));
        Assert.True(body["Tty"]!.GetValue<bool>());
        Assert.Equal("r.example/web:1", body["Image"]!.GetValue<string>());
        var host = body["HostConfig"]!.AsObject();
        Assert.Equal(("always", 1000), (host["RestartPolicy"]!["Name"]!.GetValue<string>(), host["Memory"]!.GetValue<int>()));
        Assert.Equal("""["db:data"]""", host["Links"]!.ToJsonString());
        Assert.False(host.ContainsKey("Runtime") || host.ContainsKey("ContainerIDFile"));
    }

    [Fact]
    public void Settings_WhoseImageIsGone_AllStay()
    {
        var body = SuccessorBody.Of(Container("""{"Hostname":"web","Env":["PATH=/bin"],"Cmd":["serve"]}""", "{}"), null);

        Assert.Equal(("web", """["PATH=/bin"]""", """["serve"]"""),
            (body["Hostname"]!.GetValue<string>(), body["Env"]!.ToJsonString(), body["Cmd"]!.ToJsonString()));
    }

    [Fact]
    public void Arguments_OfAnotherProgram_StayThoughTheImageHasTheSame()
    {
        var body = SuccessorBody.Of(
            Container("""{"Cmd":["serve"],"Entrypoint":["/other"]}""", "{}"), Json("""{"Config":{"Cmd":["serve"],"Entrypoint":["/run"]}}"""));

        Assert.Equal(("""["serve"]""", """["/other"]"""), (body["Cmd"]!.ToJsonString(), body["Entrypoint"]!.ToJsonString()));
    }

    [Fact]
    public void Volumes_WithoutAName_MoveOn()
    {
        var mounts = $$"""
            [{"Type":"volume","Name":"{{s_volume}}","Destination":"/data","RW":true},
             {"Type":"volume","Name":"{{s_volume}}","Destination":"/kept","RW":false},
             {"Type":"volume","Name":"named","Destination":"/named","RW":true},{"Type":"bind","Source":"/srv","Destination":"/srv","RW":true}]
            """;
        var body = SuccessorBody.Of(
            Container(
                """{"Volumes":{"/data":{}}}""",
                """{"Binds":["named:/named","/srv:/srv"],"Mounts":[{"Type":"volume","Target":"/kept","ReadOnly":true}]}""", mounts),
            null);

        Assert.Equal(
            ["named:/named", "/srv:/srv", $"{s_volume}:/data", $"{s_volume}:/kept:ro"],
            body["HostConfig"]!["Binds"]!.AsArray().Select(bind => bind!.GetValue<string>()));
        Assert.Empty(body["HostConfig"]!["Mounts"]!.AsArray());
        Assert.Empty(body["Volumes"]!.AsObject());
    }

    [Fact]
    public void Networks_KeepWhatWasAskedForOfThem()
    {
        const string Networks = """
            {"front":{"IPAMConfig":{"IPv4Address":"10.1.0.9"},"Aliases":["www","0123456789ab"],"MacAddress":"02:00:00:00:00:01","IPAddress":"10.1.0.9"},
             "back":{"IPAMConfig":null,"Aliases":null,"MacAddress":"02:00:00:00:00:02","IPAddress":"10.2.0.2"}}
            """;

        var own = SuccessorBody.Of(Container("{}", """{"NetworkMode":"front"}""", "[]", Networks), null);
        var shared = SuccessorBody.Of(Container("""{"Hostname":"web"}""", """{"NetworkMode":"container:abc"}""", "[]", Networks), null);

        Assert.Equal(
            """{"front":{"IPAMConfig":{"IPv4Address":"10.1.0.9"},"Aliases":["www"]},"back":{}}""",
            own["NetworkingConfig"]!["EndpointsConfig"]!.ToJsonString());
        Assert.False(shared.ContainsKey("NetworkingConfig") || shared.ContainsKey("Hostname"));
    }

    private static JsonElement Container(string config, string host, string mounts = "[]", string networks = "{}") => Json(
        $$$"""{"Id":"{{{s_id}}}","Config":{{{config}}},"HostConfig":{{{host}}},"Mounts":{{{mounts}}},"NetworkSettings":{"Networks":{{{networks}}} } }""");

    private static JsonElement Json(string text) => JsonDocument.Parse(text).RootElement;
}
