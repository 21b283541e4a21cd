using Grpc.Core;
using Portal.Web.Features.NodeCalls;

namespace Portal.Web.Features.Containers.Create;

/// <summary>Finds the field that a node's refusal is about, so that it is shown beside what caused it.</summary>
internal static class RefusedField
{
    /// <summary>The name of a property of <see cref="CreateContainerForm"/>, or empty when it is about none of them.</summary>
    public static string Of(NodeCallException refusal)
    {
        var text = refusal.Message;
        return refusal.StatusCode switch
        {
            StatusCode.NotFound when Has("image") => nameof(CreateContainerForm.Image),
            _ when Has("container name") && Has("in use") => nameof(CreateContainerForm.Name),
            _ when Has("port is already allocated") || Has("address already in use") || Has("bind for") => nameof(CreateContainerForm.Ports),
            _ when Has("hard limit") || Has("ulimit") => nameof(AdvancedSettings.Ulimits),
            _ when Has("sysctl") => nameof(AdvancedSettings.Sysctls),
            _ when Has("device driver") => nameof(AdvancedSettings.Gpus),
            _ when Has("CDI device") || Has("custom device") || Has("device mode") => nameof(AdvancedSettings.Devices),
            _ when Has("CapAdd") => nameof(AdvancedSettings.CapabilitiesToAdd),
            _ when Has("CapDrop") => nameof(AdvancedSettings.CapabilitiesToDrop),
            _ when Has("Requested CPUs") || Has("cpuset cpus") => nameof(AdvancedSettings.CpusetCpus),
            _ when Has("USER mode") || Has("user namespace") || Has("userns") => nameof(AdvancedSettings.UsernsMode),
            _ when Has("PID mode") || Has("join PID") => nameof(AdvancedSettings.PidMode),
            _ when Has("IPC") => nameof(AdvancedSettings.IpcMode),
            _ when Has("invalid signal") => nameof(AdvancedSettings.StopSignal),
            _ when Has("hostname") => nameof(AdvancedSettings.Hostname),
            _ when Has("find user") || Has("find group") => nameof(AdvancedSettings.User),
            _ when Has("executable file not found") || Has("no such file or directory") || Has("permission denied") =>
                nameof(CreateContainerForm.Command),
            _ => "",
        };

        bool Has(string words) => text.Contains(words, StringComparison.OrdinalIgnoreCase);
    }
}
