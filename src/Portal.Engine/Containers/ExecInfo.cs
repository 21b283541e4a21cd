namespace Portal.Engine.Containers;

/// <summary>How an exec stands.</summary>
/// <param name="Id">64 hexadecimal digits.</param>
/// <param name="ContainerId">Its container.</param>
/// <param name="Spec">What was asked for.</param>
/// <param name="Running">True from its start to its end.</param>
/// <param name="ProcessId">In the host's numbers; 0 before its start.</param>
/// <param name="ExitCode">Null while it has not ended.</param>
public sealed record ExecInfo(string Id, string ContainerId, ExecSpec Spec, bool Running, int ProcessId, int? ExitCode);
