using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Microsoft.AspNetCore.Http;
using Portal.Engine.Api.Containers.Mapping;
using Portal.Engine.Api.Images;
using Portal.Engine.Api.Json;
using Portal.Engine.Api.Registries;
using Portal.Engine.Api.Routing;
using Portal.Engine.Builds;
using Portal.Engine.Errors;
using Portal.Engine.Runtime;

namespace Portal.Engine.Api.Builds;

/// <summary>Reads what a request wants to be built. What can't be had is refused by name.</summary>
internal static class BuildRequests
{
    private const long NanosPerCpu = 1_000_000_000;
    private const long DefaultPeriod = 100_000;

    public static BuildRequest Read(HttpContext context)
    {
        Refuse(context);
        return new BuildRequest
        {
            Dockerfile = context.Query("dockerfile") is { Length: > 0 } path ? path : "Dockerfile",
            Remote = context.Query("remote") is { Length: > 0 } remote && remote != "client-session" ? remote : null,
            Names = [.. context.Request.Query["t"].OfType<string>().Where(name => name.Length > 0)],
            Arguments = Map(context, "buildargs"),
            Labels = Map(context, "labels").ToDictionary(pair => pair.Key, pair => pair.Value ?? ""),
            Target = context.Query("target") ?? "",
            Platform = ImagePlatforms.Parse(context.Query("platform")),
            NoCache = context.Flag("nocache"),
            Pull = context.Flag("pull"),
            NetworkMode = context.Query("networkmode") is { Length: > 0 } mode && mode != "default" ? mode : "bridge",
            ExtraHosts =
            [
                .. context.Request.Query["extrahosts"].OfType<string>()
                    .SelectMany(hosts => hosts.Split(',', StringSplitOptions.RemoveEmptyEntries)),
            ],
            ShmSize = Number(context, "shmsize"),
            Resources = Resources(context),
            Ulimits = HostResources.Ulimits(Read(context, "ulimits", DockerJsonContext.Default.ListUlimitModel)),
            SecurityOptions = Read(context, "securityopt", DockerJsonContext.Default.ListString) ?? [],
            CgroupParent = context.Query("cgroupparent") ?? "",
            CacheFrom = Read(context, "cachefrom", DockerJsonContext.Default.ListString) ?? [],
            Credentials = RegistryAuth.ReadAll(context),
        };
    }

    private static RuntimeResources Resources(HttpContext context)
    {
        var quota = Number(context, "cpuquota");
        var period = Number(context, "cpuperiod") is > 0 and var given ? given : DefaultPeriod;
        return new RuntimeResources
        {
            Memory = Number(context, "memory"),
            MemorySwap = Number(context, "memswap"),
            CpuShares = Number(context, "cpushares"),
            CpusetCpus = context.Query("cpusetcpus") ?? "",
            CpusetMems = context.Query("cpusetmems") ?? "",
            NanoCpus = quota > 0 ? (long)((decimal)quota / period * NanosPerCpu) : 0,
        };
    }

    private static void Refuse(HttpContext context)
    {
        switch (context.Query("version"))
        {
            case null or "" or "1":
                break;
            case "2":
                throw EngineException.InvalidArgument("BuildKit's protocol is not available: build with DOCKER_BUILDKIT=0");
            case var version:
                throw EngineException.InvalidArgument($"invalid version {version}: 1 is the builder of this engine");
        }

        if (context.Query("session") is { Length: > 0 })
        {
            throw EngineException.InvalidArgument("Bad parameter 'session': sessions for builds are not available in this engine");
        }

        if (context.Flag("squash"))
        {
            throw EngineException.InvalidArgument("squash is not available in this engine");
        }

        if (context.Query("outputs") is { } outputs && outputs is not ("" or "[]" or "null"))
        {
            throw EngineException.InvalidArgument("Bad parameter 'outputs': not available for builds in this engine");
        }

        if (context.Query("isolation") is { Length: > 0 } isolation && isolation != "default")
        {
            throw EngineException.InvalidArgument($"Unsupported isolation: {isolation}");
        }
    }

    private static T? Read<T>(HttpContext context, string key, JsonTypeInfo<T> type)
        where T : class
    {
        var text = context.Query(key);
        if (string.IsNullOrEmpty(text))
        {
            return null;
        }

        try
        {
            return JsonSerializer.Deserialize(text, type);
        }
        catch (JsonException failure)
        {
            throw new EngineException(EngineErrorKind.InvalidArgument, $"Bad parameter '{key}': no JSON list of that kind", failure);
        }
    }

    private static Dictionary<string, string?> Map(HttpContext context, string key)
    {
        var text = context.Query(key);
        if (string.IsNullOrEmpty(text))
        {
            return [];
        }

        try
        {
            using var document = JsonDocument.Parse(text, new JsonDocumentOptions { MaxDepth = 2 });
            return document.RootElement.ValueKind == JsonValueKind.Null
                ? []
                : document.RootElement.EnumerateObject().ToDictionary(member => member.Name, member => member.Value.GetString());
        }
        catch (Exception failure) when (failure is JsonException or InvalidOperationException or ArgumentException)
        {
            throw new EngineException(EngineErrorKind.InvalidArgument, $"Bad parameter '{key}': no JSON map of texts", failure);
        }
    }

    private static long Number(HttpContext context, string key)
    {
        var text = context.Query(key);
        return string.IsNullOrEmpty(text) ? 0
            : long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number) ? number
            : throw EngineException.InvalidArgument($"Bad parameter '{key}': '{text}' is not a whole number.");
    }
}
