using Portal.Engine.Containers;

namespace Portal.Engine.Api.Execs.Models;

/// <summary>The answer of <c>GET /exec/{id}/json</c>.</summary>
internal sealed record ExecInspectModel
{
    public required string ID { get; init; }

    public required bool Running { get; init; }

    public required int? ExitCode { get; init; }

    public required ExecProcessModel ProcessConfig { get; init; }

    public required bool OpenStdin { get; init; }

    public required bool OpenStderr { get; init; }

    public required bool OpenStdout { get; init; }

    public required bool CanRemove { get; init; }

    public required string ContainerID { get; init; }

    public string DetachKeys { get; init; } = "";

    public required int Pid { get; init; }

    public static ExecInspectModel From(ExecInfo exec)
    {
        return new ExecInspectModel
        {
            ID = exec.Id,
            Running = exec.Running,
            ExitCode = exec.ExitCode,
            ProcessConfig = ExecProcessModel.From(exec.Spec),
            OpenStdin = exec.Spec.OpenStdin,
            OpenStderr = exec.Spec.AttachStderr,
            OpenStdout = exec.Spec.AttachStdout,
            CanRemove = false,
            DetachKeys = exec.Spec.DetachKeys,
            ContainerID = exec.ContainerId,
            Pid = exec.ProcessId,
        };
    }
}
