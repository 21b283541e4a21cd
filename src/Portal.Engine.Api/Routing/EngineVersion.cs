using System.Reflection;

namespace Portal.Engine.Api.Routing;

/// <summary>The version that this build carries.</summary>
internal static class EngineVersion
{
    public static string Current { get; } = Read();

    private static string Read()
    {
        var attribute = typeof(EngineVersion).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()!;
        var informational = attribute.InformationalVersion;
        return informational.Split('+')[0];
    }

    /// <summary>The commit that this build was made of; empty when the build did not know.</summary>
    public static string Commit { get; } =
        typeof(EngineVersion).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()!.InformationalVersion
            .Split('+') is [_, var commit] ? commit[..Math.Min(7, commit.Length)] : "";
}
