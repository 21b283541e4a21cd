using System.Net.Http.Headers;
using System.Text;
using System.Text.Json.Nodes;
using Portal.Engine.Distribution;
using Portal.Engine.Errors;
using Portal.Engine.Images.Formats;
using Portal.Engine.Images.Importing;
using Portal.Testing.Fuzzing;
using Portal.Testing.Images;

namespace Portal.Engine.Linux.Tests.Images;

/// <summary>Documents and headers from registries and archives, spoiled.</summary>
public sealed class FormatFuzzTests
{
    private const string Digest = "sha256:0000000000000000000000000000000000000000000000000000000000000000";

    private static readonly string[] s_manifests =
    [
        $$"""
        {"schemaVersion":2,"mediaType":"application/vnd.oci.image.manifest.v1+json","config":{"mediaType":"application/vnd.oci.image.config.v1+json",
        "digest":"{{Digest}}","size":7},"layers":[{"mediaType":"application/vnd.oci.image.layer.v1.tar+gzip","digest":"{{Digest}}","size":9}] }
        """,
        $$"""
        {"schemaVersion":2,"manifests":[{"mediaType":"application/vnd.oci.image.manifest.v1+json","digest":"{{Digest}}","size":7,
        "platform":{"architecture":"arm","os":"linux","variant":"v7" },"annotations":{"org.opencontainers.image.ref.name":"x:1"} },
        {"digest":"{{Digest}}","size":8,"platform":{"architecture":"amd64","os":"linux"} } ]}
        """,
    ];

    private static readonly string[] s_challenges =
    [
        """Bearer realm="https://auth.example.com/token",service="registry.example.com",scope="repository:a/b:pull,push" """,
        """Bearer realm="http://127.0.0.1:5001/t",error="invalid_token" """,
        """Basic realm="x" """,
    ];

    private static readonly string[] s_changes =
    [
        "CMD [\"a\", \"b\"]", "ENTRYPOINT run it", "ENV A=1 B=\"2 3\"", "LABEL x=y", "EXPOSE 80 53/udp", "USER 1:2", "WORKDIR /a/../b",
        "VOLUME [\"/data\"]", "STOPSIGNAL SIGTERM", "ENV A b c",
    ];

    [Fact]
    public void Manifests_Spoiled_AreReadOrRefused()
    {
        Fuzzer.Run(10_000, mutator =>
        {
            var content = mutator.Json(s_manifests);
            Refusing(() =>
            {
                var document = ManifestReader.Read(content, "It");
                if (document.Manifests is not null)
                {
                    PlatformChoice.Choose(document, PlatformChoice.Host, "It").Check("it", FormatJson.MaxBytes);
                }
            });
            Refusing(() => Assert.All(ManifestReader.ReadManifest(content, "It").Layers!, layer => Assert.True(layer.Size >= 0)));
        });
    }

    [Fact]
    public void Configurations_Spoiled_AreReadOrRefused()
    {
        var image = new TestImageBuilder { Command = ["sh"], Entrypoint = ["run"] }.AddFile("a", "1").AddFile("b", "2");
        foreach (var (name, value) in new[] { ("Labels", """{"a":"b"}"""), ("ExposedPorts", """{"80/tcp":{}}"""), ("Volumes", """{"/x":{}}""") })
        {
            image.Extra[name] = JsonNode.Parse(value);
        }

        var documents = new[] { Encoding.UTF8.GetString(image.BuildConfig()) };
        Fuzzer.Run(10_000, mutator =>
        {
            var content = mutator.Json(documents);
            Refusing(() =>
            {
                var configuration = ImageConfiguration.Read(content);
                var image = configuration.Describe([], [], 0);
                Assert.Equal(configuration.DiffIds.Count, configuration.ChainIds.Count);
                Assert.DoesNotContain(null, image.Config.Environment);
                Assert.DoesNotContain(null, image.Config.Command ?? []);
                Assert.DoesNotContain(null, image.Config.Labels.Values);
                Assert.DoesNotContain(null, configuration.Labels.Values);
                Assert.NotNull(configuration.Platform.ToString());
            });
        });
    }

    [Fact]
    public void Challenges_Spoiled_AreReadOrIgnored()
    {
        Fuzzer.Run(10_000, mutator =>
        {
            using var response = new HttpResponseMessage();
            if (response.Headers.TryAddWithoutValidation("WWW-Authenticate", mutator.Text(s_challenges)))
            {
                Assert.True(BearerChallenge.Find(response.Headers)?.Realm.IsAbsoluteUri ?? true);
            }
        });
    }

    [Fact]
    public void Changes_Spoiled_AreAppliedOrRefused()
    {
        Fuzzer.Run(10_000, mutator =>
        {
            var config = new JsonObject();
            Refusing(() => ConfigChanges.Apply(config, [mutator.Text(s_changes), mutator.Pick(s_changes)]));
            var document = new JsonObject { ["rootfs"] = new JsonObject { ["diff_ids"] = new JsonArray() }, ["config"] = config };

            // What was accepted is a configuration that we read ourselves.
            ImageConfiguration.Read(Encoding.UTF8.GetBytes(document.ToJsonString()));
        });
    }

    private static void Refusing(Action action)
    {
        try
        {
            action();
        }
        catch (EngineException failure)
        {
            Assert.True(failure.Kind is EngineErrorKind.InvalidArgument or EngineErrorKind.NotFound, failure.ToString());
        }
    }
}
