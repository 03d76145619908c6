"""Simulated students and dashboards that speak to a server from outside.

For load, for tests of faults, and for tests of your own. A student of a sitting and a dashboard
that watches it, in a few lines:

    from monitor.load.dashboard import DashboardClient
    from monitor.load.rest import RestClient
    from monitor.load.school import seats
    from monitor.load.student import StudentClient

    url = "http://127.0.0.1:8000"
    async with RestClient(url) as teacher, RestClient(url) as door:
        await teacher.login("teacher@school.example", "password")
        seat = (await seats(teacher, session_id))[0]
        token = await door.login_link(seat.link)
        async with (
            StudentClient(url, token, session_id) as student,
            DashboardClient(url, teacher.token) as dashboard,
        ):
            dashboard.watch(session_id)
            await student.until(lambda: student.test)
            student.answer("q1", "b")
            await student.all_settled()  # acked: it is on the server's disk
            truth = await teacher.snapshot(session_id)
            await dashboard.until(lambda: dashboard.sittings[session_id].version >= truth.version)

Clients come back by themselves, as `bye` and the close codes say, and send again what was not
acked. `lose_network`, `cut`, `reload` and `take_over` are the accidents they can have. What a
server does against the wire's rules is in `faults`, which stays empty.
"""
