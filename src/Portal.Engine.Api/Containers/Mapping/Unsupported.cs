using Portal.Engine.Api.Containers.Models;

namespace Portal.Engine.Api.Containers.Mapping;

/// <summary>
/// Finds what a request asks for and no engine on Linux does. What a program would miss, or what was meant to confine it,
/// is an error; what only
/// tunes it is a warning. Nothing is dropped silently.
/// </summary>
internal static class Unsupported
{
    public static void Find(ContainerCreateRequest request, List<string> problems, List<string> warnings)
    {
        var host = request.HostConfig ?? new HostConfigModel();
        if (host.Isolation is not ("" or "default"))
        {
            problems.Add($"Invalid isolation: \"{host.Isolation}\" - linux only supports 'default'");
        }

        if (host.KernelMemory != 0)
        {
            warnings.Add("Specifying a kernel memory limit is deprecated and will be removed in a future release. Limitation discarded.");
        }
    }
}
