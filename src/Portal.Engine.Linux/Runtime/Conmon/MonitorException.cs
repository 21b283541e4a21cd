namespace Portal.Engine.Linux.Runtime.Conmon;

/// <summary>The monitor or the runtime under it could not start a process. Callers make an engine error of it.</summary>
internal sealed class MonitorException(string words) : Exception(words);
