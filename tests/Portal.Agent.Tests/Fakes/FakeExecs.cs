using System.Collections.Concurrent;
using System.Threading.Channels;
using Portal.Engine.Containers;
using Portal.Engine.Errors;
using Portal.Engine.Runtime;

namespace Portal.Agent.Tests.Fakes;

/// <summary>Programs that echo what they read until they get a signal.</summary>
public sealed class FakeExecs : IExecs
{
    private readonly ConcurrentDictionary<string, Program> _programs = new();

    /// <summary>Programs that containers have.</summary>
    public HashSet<string> Installed { get; } = ["ash", "sh"];

    /// <summary>As when their container is removed.</summary>
    public void Remove(string container)
    {
        foreach (var program in _programs.Values.Where(program => program.Container == container))
        {
            _programs.TryRemove(program.Id, out _);
        }
    }

    /// <summary>What is left of an earlier engine, and of no console that the agent knows of.</summary>
    public HashSet<(string Container, string ExecId)> Left { get; } = [];

    public IEnumerable<Program> Programs => _programs.Values;

    public Task<string> CreateAsync(string container, ExecSpec spec, CancellationToken cancellationToken = default)
    {
        var id = Guid.NewGuid().ToString("N") + Guid.NewGuid().ToString("N");
        _programs[id] = new Program(id, container, spec);
        return Task.FromResult(id);
    }

    public Task<IProcessStreams?> StartAsync(
        string execId,
        bool detach = false,
        TerminalSize? size = null,
        Func<Task>? starting = null,
        CancellationToken cancellationToken = default)
    {
        var program = _programs[execId];
        if (!Installed.Contains(program.Spec.Command[0]))
        {
            _programs.TryRemove(execId, out _);
            throw EngineException.InvalidArgument($"exec: \"{program.Spec.Command[0]}\": executable file not found in $PATH");
        }

        program.Running = true;
        program.Size = size;
        return Task.FromResult<IProcessStreams?>(program);
    }

    public Task ResizeAsync(string execId, TerminalSize size, CancellationToken cancellationToken = default)
    {
        _programs[execId].Size = size;
        return Task.CompletedTask;
    }

    public Task<ExecInfo> InspectAsync(string execId, CancellationToken cancellationToken = default)
    {
        var program = _programs[execId];
        return Task.FromResult(new ExecInfo(execId, program.Container, program.Spec, program.Running, 7, program.Running ? null : 0));
    }

    public Task<int> WaitAsync(string execId, CancellationToken cancellationToken = default) =>
        _programs[execId].Exit.Task.WaitAsync(cancellationToken);

    public Task<TakenExec?> TakeOverAsync(string containerId, string execId, CancellationToken cancellationToken = default) =>
        Task.FromResult(_programs.TryGetValue(execId, out var program) && program.Container == containerId
            ? new TakenExec(7, program.Spec.Command, program.Shown, 0, program)
            : null);

    public IReadOnlyList<(string ContainerId, string ExecId)> ListLeft() =>
        [.. _programs.Values.Where(program => program.Running).Select(program => (program.Container, program.Id)).Where(Left.Contains)];

    public Task KillAsync(string execId, int signal, CancellationToken cancellationToken = default)
    {
        _programs[execId].Signal(signal);
        return Task.CompletedTask;
    }

    public sealed class Program(string id, string container, ExecSpec spec) : IProcessStreams
    {
        private readonly Channel<byte[]> _output = Channel.CreateUnbounded<byte[]>();

        public string Id => id;

        public string Container => container;

        public ExecSpec Spec => spec;

        public bool Running { get; set; }

        public TerminalSize? Size { get; set; }

        /// <summary>Pieces of output that nobody has read.</summary>
        public int Waiting => _output.Reader.Count;

        public ConcurrentQueue<int> Signals { get; } = [];

        public TaskCompletionSource<int> Exit { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public bool IsTerminal => true;

        public void Signal(int signal)
        {
            Signals.Enqueue(signal);
            End(128 + signal);
        }

        public void End(int exitCode)
        {
            Running = false;
            _output.Writer.TryComplete();
            Exit.TrySetResult(exitCode);
        }

        /// <summary>All that was read of it.</summary>
        public byte[] Shown { get; private set; } = [];

        public async ValueTask<OutputChunk?> ReadAsync(CancellationToken cancellationToken = default)
        {
            if (await _output.Reader.WaitToReadAsync(cancellationToken) && _output.Reader.TryRead(out var data))
            {
                Shown = [.. Shown, .. data];
                return new OutputChunk(OutputSource.Stdout, data);
            }

            return null;
        }

        public ValueTask WriteAsync(ReadOnlyMemory<byte> input, CancellationToken cancellationToken = default)
        {
            if (input.Span.SequenceEqual("exit\n"u8))
            {
                End(3);
            }
            else
            {
                _output.Writer.TryWrite(input.ToArray());
            }

            return ValueTask.CompletedTask;
        }

        public ValueTask CloseInputAsync(CancellationToken cancellationToken = default) => ValueTask.CompletedTask;

        public ValueTask DisposeAsync() => ValueTask.CompletedTask;
    }
}
