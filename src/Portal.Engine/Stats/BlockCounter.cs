namespace Portal.Engine.Stats;

/// <summary>Block I/O of one kind on one device.</summary>
/// <param name="Major">The device's major number.</param>
/// <param name="Minor">The device's minor number.</param>
/// <param name="Operation">The kernel's word: <c>Read</c>, <c>Write</c>, <c>Sync</c>, ... or <c>read</c> and
/// <c>write</c> under version 2.</param>
/// <param name="Value">Bytes or operations.</param>
public sealed record BlockCounter(int Major, int Minor, string Operation, long Value);
