using Portal.Engine.Linux.Interop.Threads;
using Portal.Engine.Linux.Networks.Namespaces;

namespace Portal.Engine.Linux.Tests.Interop;

public sealed class KeptThreadsTests
{
    private const string OwnNetwork = "/proc/thread-self/ns/net";

    [Fact]
    public void Run_Twice_IsTheSameThreadPutRightBetween()
    {
        var restored = 0;
        var threads = new KeptThreads("test", () => () => restored++);

        var first = threads.Run(() => (Environment.CurrentManagedThreadId, restored));
        var second = threads.Run(() => (Environment.CurrentManagedThreadId, restored));

        Assert.Equal(first.CurrentManagedThreadId, second.CurrentManagedThreadId);
        Assert.NotEqual(Environment.CurrentManagedThreadId, first.CurrentManagedThreadId);
        Assert.Equal((0, 1), (first.restored, second.restored));
    }

    [Fact]
    public void Run_ActionFails_ThrowsAndServesOn()
    {
        var threads = new KeptThreads("test", () => () => { });
        var before = threads.Run(() => Environment.CurrentManagedThreadId);

        Assert.Throws<InvalidDataException>(() => threads.Run<int>(() => throw new InvalidDataException()));

        Assert.Equal(before, threads.Run(() => Environment.CurrentManagedThreadId));
    }

    [Fact]
    public void Run_ThreadCannotBePutRight_IsNotUsedAgain()
    {
        var threads = new KeptThreads("test", () => () => throw new InvalidDataException());

        var first = threads.Run(() => Thread.CurrentThread);
        var second = threads.Run(() => Thread.CurrentThread);

        Assert.NotSame(first, second);
        first.Join();
    }

    [Fact]
    public void Run_CannotBePrepared_ThrowsThat()
    {
        var threads = new KeptThreads("test", () => throw new InvalidDataException());

        Assert.Throws<InvalidDataException>(() => threads.Run(() => true));
        Assert.Throws<InvalidDataException>(() => threads.Run(() => true));
    }

    [Fact]
    public void Run_ManyAtATime_EachHasAThreadOfItsOwn()
    {
        const int count = 12;
        using var all = new Barrier(count);
        var threads = new KeptThreads("test", () => () => { });

        // Threads of their own, for each blocks until the last is there.
        var callers = Enumerable.Range(0, count).Select(_ => Task.Factory.StartNew(
            () => threads.Run(() =>
            {
                all.SignalAndWait();
                return Environment.CurrentManagedThreadId;
            }),
            TaskCreationOptions.LongRunning)).ToArray();

        Assert.Equal(count, callers.Select(caller => caller.Result).Distinct().Count());
    }

    [Fact]
    public void RunInNew_NamespaceThread_IsBackHomeForTheNext()
    {
        var home = File.ResolveLinkTarget(OwnNetwork, false)!.Name;

        var away = NamespaceThread.RunInNew(() => (File.ResolveLinkTarget(OwnNetwork, false)!.Name, Thread.CurrentThread));
        var next = NamespaceThread.Run("/proc/self/ns/net", () => File.ResolveLinkTarget(OwnNetwork, false)!.Name);

        Assert.NotEqual(home, away.Name);
        Assert.Equal(home, next);
    }
}
