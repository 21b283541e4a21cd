"""Debian's python3-docker against an agent: every call that a script of an operator makes, and what comes back."""
import io
import socket
import tarfile
import threading
import time

import docker

client = docker.from_env()
IMAGE = "busybox"


def expect(actual, wanted, what):
    assert actual == wanted, f"{what}: {actual!r} instead of {wanted!r}"


def until(condition, what):
    for _ in range(600):
        if condition():
            return
        time.sleep(0.05)
    raise AssertionError(f"it did not come to this: {what}")


def collect_events(events):
    for event in client.events(decode=True, filters={"label": "py=1"}):
        events.append((event["Type"], event["Action"].split(":")[0]))


def run_and_fail():
    expect(client.containers.run(IMAGE, "echo hi", remove=True), b"hi\n", "output of run")
    try:
        client.containers.run(IMAGE, "sh -c 'echo err >&2; exit 3'", remove=True, stderr=True)
        raise AssertionError("a failing program was no error")
    except docker.errors.ContainerError as error:
        expect((error.exit_status, error.stderr), (3, b"err\n"), "failure of run")
    for call, error in (
        (lambda: client.containers.get("nosuch"), docker.errors.NotFound),
        (lambda: client.images.get("nosuch:1"), docker.errors.ImageNotFound),
        (lambda: client.containers.run(IMAGE, "/nosuch", remove=True), docker.errors.APIError),
    ):
        try:
            call()
            raise AssertionError(f"{error.__name__} did not come")
        except error:
            pass


def streams(container):
    attached = container.attach_socket(params={"stdin": 1, "stdout": 1, "stderr": 1, "stream": 1})
    attached._sock.sendall(b"abc\n")
    expect(attached._sock.recv(100), b"\x01\x00\x00\x00\x00\x00\x00\x08got abc\n", "a frame of attach")
    expect(container.exec_run("sh -c 'echo o; echo e >&2; exit 4'", demux=True), (4, (b"o\n", b"e\n")), "exec")
    expect(container.exec_run("env", environment={"B": "2"}, user="1", workdir="/tmp").exit_code, 0, "exec with options")
    piped = container.exec_run("cat", socket=True, stdin=True).output._sock
    piped.sendall(b"zz")
    piped.shutdown(socket.SHUT_WR)
    expect(piped.recv(100), b"\x01\x00\x00\x00\x00\x00\x00\x02zz", "exec with its input ended")
    expect(container.logs(), b"got abc\n", "logs")
    expect(list(container.logs(stream=True, follow=False)), [b"got abc\n"], "logs as a stream")


def files(container):
    archive = io.BytesIO()
    with tarfile.open(fileobj=archive, mode="w") as tar:
        entry = tarfile.TarInfo("f.txt")
        entry.size = 3
        tar.addfile(entry, io.BytesIO(b"abc"))
    assert container.put_archive("/tmp", archive.getvalue())
    expect(container.exec_run("cat /tmp/f.txt").output, b"abc", "a file put in")
    content, stat = container.get_archive("/tmp/f.txt")
    expect((stat["name"], stat["size"]), ("f.txt", 3), "the stat of a file")
    with tarfile.open(fileobj=io.BytesIO(b"".join(content))) as tar:
        expect(tar.extractfile("f.txt").read(), b"abc", "a file taken out")
    assert {"Path": "/tmp/f.txt", "Kind": 1} in container.diff(), container.diff()


def life(container):
    stats = container.stats(stream=False)
    assert stats["memory_stats"]["usage"] > 0 and "precpu_stats" in stats, stats
    assert "PID" in container.top()["Titles"]
    container.pause()
    container.reload()
    expect(container.status, "paused", "status")
    container.unpause()
    container.update(mem_limit="64m", memswap_limit="64m")
    container.rename("py-renamed")
    container.restart(timeout=1)
    container.kill()
    expect(container.wait()["StatusCode"], 137, "exit code after kill")
    image = container.commit("py-committed", tag="1", message="kept", changes="ENV KEPT=yes")
    assert b"KEPT=yes" in client.containers.run(image.id, "env", remove=True)
    assert len(b"".join(container.export())) > 100_000
    container.remove()
    client.images.remove(image.id)


def networks_and_volumes():
    pool = docker.types.IPAMPool(subnet="10.219.7.0/24", gateway="10.219.7.1")
    network = client.networks.create("py-network", ipam=docker.types.IPAMConfig(pool_configs=[pool]))
    container = client.containers.create(IMAGE, "sleep 100")
    network.connect(container, ipv4_address="10.219.7.77", aliases=["other"])
    container.start()
    container.reload()
    expect(container.attrs["NetworkSettings"]["Networks"]["py-network"]["IPAddress"], "10.219.7.77", "address")
    network.disconnect(container)
    container.remove(force=True)
    network.remove()
    volume = client.volumes.create("py-volume", labels={"a": "b"})
    expect([each.name for each in client.volumes.list(filters={"label": "a=b"})], ["py-volume"], "volumes by label")
    expect(client.containers.run(IMAGE, "sh -c 'echo kept > /v/f'", volumes={"py-volume": {"bind": "/v"}}, remove=True), b"", "write")
    expect(client.containers.run(IMAGE, "cat /v/f", volumes={"py-volume": {"bind": "/v", "mode": "ro"}}, remove=True), b"kept\n", "read")
    expect([each["UsageData"]["Size"] for each in client.df()["Volumes"] if each["Name"] == "py-volume"], [5], "size")
    try:
        client.containers.create(IMAGE, volumes={"py-volume": {"bind": "/v"}}, name="py-user")
        volume.remove()
        raise AssertionError("a volume in use was removed")
    except docker.errors.APIError as refused:
        assert "volume is in use" in refused.explanation, refused.explanation
    client.containers.get("py-user").remove()
    volume.remove()
    options = {"type": "tmpfs", "device": "tmpfs", "o": "size=1m,mode=0700"}
    memory = client.volumes.create("py-memory", driver="local", driver_opts=options)
    expect(memory.attrs["Options"], options, "options")
    script = "stat -f -c %T /v"
    expect(client.containers.run(IMAGE, script, volumes={"py-memory": {"bind": "/v"}}, remove=True), b"tmpfs\n", "memory")
    expect(client.volumes.prune(filters={"all": True})["VolumesDeleted"], ["py-memory"], "pruned")


def images():
    image = client.images.get(IMAGE)
    assert image.history()[0]["Size"] >= 0
    image.tag("py-other", "t")
    saved = b"".join(image.save())
    client.images.remove("py-other:t")
    expect(client.images.load(saved)[0].id, image.id, "the image loaded")
    built, _ = client.images.build(fileobj=io.BytesIO(b"FROM busybox\nRUN echo built > /built\nENV A=1\n"), tag="py-built")
    expect(client.containers.run("py-built", "cat /built", remove=True), b"built\n", "what was built")
    client.images.remove(built.id, force=True)
    assert client.df()["Images"]


def main():
    expect(client.ping(), True, "ping")
    events = []
    threading.Thread(target=collect_events, args=(events,), daemon=True).start()
    run_and_fail()
    container = client.containers.run(
        IMAGE, "sh -c 'while read l; do echo got $l; done'",
        detach=True, stdin_open=True, labels={"py": "1"}, name="py-container", environment={"A": "1"})
    streams(container)
    files(container)
    life(container)
    networks_and_volumes()
    images()
    until(lambda: ("container", "destroy") in events, "the events tell of the removal")
    for action in ("create", "start", "exec_create", "exec_start", "exec_die", "pause", "unpause", "update", "rename", "restart", "kill", "die"):
        assert ("container", action) in events, (action, events)
    client.containers.prune()


main()
