namespace Portal.Engine.Linux.Runtime.AppArmor;

/// <summary>Where AppArmor is on a host (apparmor(7)).</summary>
/// <param name="Root">The host's root folder.</param>
internal sealed record AppArmorPaths(string Root = "/")
{
    /// <summary><c>Y</c> when the kernel enforces profiles.</summary>
    public string Enabled => Path.Combine(Root, "sys/module/apparmor/parameters/enabled");

    /// <summary>The loaded profiles, a line each: <c>NAME (MODE)</c>.</summary>
    public string Profiles => Path.Combine(Root, "sys/kernel/security/apparmor/profiles");

    /// <summary>What the engine itself is confined by.</summary>
    public string OwnProfile => Path.Combine(Root, "proc/self/attr/current");

    /// <summary>Files that profiles may include.</summary>
    public string Included => Path.Combine(Root, "etc/apparmor.d");

    /// <summary>The program that compiles and loads profiles; null when it is not there.</summary>
    public string? Parser => new[] { "sbin", "usr/sbin", "usr/bin" }
        .Select(folder => Path.Combine(Root, folder, "apparmor_parser")).FirstOrDefault(File.Exists);
}
